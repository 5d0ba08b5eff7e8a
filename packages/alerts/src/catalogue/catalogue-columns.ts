import { nearest, toJson, UsageError } from '@apf/core';
import { Catalogue, type CatalogueColumn } from './catalogue.js';

export interface CatalogueOptions {
  /** The columns with the position, J2000 [deg]; found by their usual names where absent. */
  readonly ra?: string | undefined;
  readonly dec?: string | undefined;
  /** Keep only these columns; all where absent. */
  readonly columns?: readonly string[] | undefined;
}

/** What surveys and VizieR call them, in lower case. */
const RA = ['ra', 'raj2000', '_raj2000', 'ra_icrs', '_ra', 'ra_deg', 'radeg', 'meanra', 'ramean'];
const DEC = [
  'dec',
  'dej2000',
  '_dej2000',
  'de_icrs',
  '_de',
  'dec_deg',
  'decdeg',
  'decl',
  'meandec',
  'decmean',
];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Which columns of a file a catalogue is made of. */
export interface ChosenColumns {
  readonly ra: string;
  readonly dec: string;
  readonly kept: readonly string[];
}

/** @throws UsageError that names the file and the column that it lacks */
export function chooseColumns(
  names: readonly string[],
  options: CatalogueOptions,
  path: string,
): ChosenColumns {
  const demand = (name: string): string => {
    if (names.includes(name)) return name;
    const near = nearest(name, [...names]);
    throw new UsageError(
      `${path} has no column '${name}'; ${near === undefined ? `it has ${names.slice(0, 30).join(', ')}` : `did you mean '${near}'?`}`,
    );
  };
  const found = (given: string | undefined, usual: readonly string[], what: string): string => {
    if (given !== undefined) return demand(given);
    const match = usual.flatMap((name) => names.filter((each) => each.toLowerCase() === name))[0];
    if (match !== undefined) return match;
    throw new UsageError(
      `${path}: no column is known for the ${what}; name it: it has ${names.slice(0, 30).join(', ')}`,
    );
  };
  const ra = found(options.ra, RA, 'right ascension');
  const dec = found(options.dec, DEC, 'declination');
  const kept = options.columns?.map(demand) ?? names.filter((name) => name !== ra && name !== dec);
  return { ra, dec, kept: [...new Set(kept)] };
}

/** Values as they stand in a file, by column. */
export type RawColumns = ReadonlyMap<string, readonly unknown[]>;

/** @throws UsageError that names file, row and what is wrong with it */
export function catalogueOf(raw: RawColumns, { ra, dec, kept }: ChosenColumns, path: string): Catalogue {
  const degrees = (name: string): Float64Array =>
    Float64Array.from(raw.get(name) ?? [], (value, i) => {
      const number = typeof value === 'string' && !NUMBER.test(value.trim()) ? NaN : Number(value ?? NaN);
      if (!Number.isNaN(number)) return number;
      throw new UsageError(
        `${path}: row ${i + 1} has no number in the column '${name}', which gives the position`,
      );
    });
  const columns = kept.map((name) => columnOf(name, raw.get(name) ?? []));
  try {
    return new Catalogue(degrees(ra), degrees(dec), columns);
  } catch (error) {
    if (!(error instanceof UsageError) || error.message.startsWith(path)) throw error;
    throw new UsageError(`${path}: ${error.message}`, { cause: error });
  }
}

/** Numbers where all that is there are numbers that a double holds; an id of 64 bits stays exact. */
function columnOf(name: string, values: readonly unknown[]): CatalogueColumn {
  const present = values.filter((value) => value !== null && value !== undefined && value !== '');
  if (present.every(isNumber)) {
    const numbers = Float64Array.from(values, (value) =>
      value === null || value === undefined || value === '' ? NaN : Number(value),
    );
    return { name, type: 'number', values: numbers };
  }
  if (present.every((value) => typeof value === 'bigint'))
    return { name, type: 'integer', values: values.map((value) => (value as bigint | undefined) ?? null) };
  if (present.every((value) => typeof value === 'boolean'))
    return { name, type: 'boolean', values: values.map((value) => (value as boolean | undefined) ?? null) };
  return { name, type: 'text', values: values.map(textOf) };
}

function isNumber(value: unknown): boolean {
  if (typeof value === 'number') return true;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value));
  if (typeof value !== 'string' || !NUMBER.test(value)) return false;
  // Whole numbers beyond a double, and digits with a leading zero, are names.
  return /^[+-]?\d+$/.test(value) ? Number.isSafeInteger(Number(value)) && !/^[+-]?0\d/.test(value) : true;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : toJson(value);
}
