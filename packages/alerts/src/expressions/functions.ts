import { toEcliptic } from '../sky/ecliptic.js';
import { toGalactic } from '../sky/galactic.js';
import { angularDistance, type SkyPosition } from '../sky/sky-position.js';
import { bandOfZtf, signOfZtf } from '../surveys/ztf-codes.js';
import { utcOfTai } from '../time-scales.js';
import { finite, toNumber, type Kind, type Scalar, type Value } from './values.js';

export interface ExpressionFunction {
  /** As the help shows it; arguments in brackets may be left out. */
  readonly usage: string;
  readonly meaning: string;
  readonly kind: Kind;
  /** How many arguments it can take; none here: one or more. */
  readonly counts: readonly number[];
  /** What each argument must be; `list` takes numbers and lists of them. */
  readonly takes: 'number' | 'text' | 'list' | 'any';
  /** With so many arguments the alert's own ra and dec are put before them. */
  readonly ownPosition?: number;
  apply(args: readonly Value[]): Value;
}

/** A function of numbers: missing where one of them is. */
function ofNumbers(
  usage: string,
  meaning: string,
  counts: readonly number[],
  apply: (...numbers: number[]) => number,
  ownPosition?: number,
): ExpressionFunction {
  return {
    usage,
    meaning,
    kind: 'number',
    counts,
    takes: 'number',
    ...(ownPosition === undefined ? {} : { ownPosition }),
    apply: (args) => {
      const numbers = args.map(toNumber);
      return numbers.includes(undefined) ? undefined : finite(apply(...(numbers as number[])));
    },
  };
}

const one: readonly number[] = [1];
const many: readonly number[] = [];

/** A coordinate of the alert's own position, or of one that is given. */
function coordinate(
  name: string,
  meaning: string,
  of: (position: SkyPosition) => number,
): ExpressionFunction {
  return ofNumbers(
    `${name}([ra, dec])`,
    `${meaning} [deg]`,
    [0, 2],
    (ra, dec) => of({ ra: ra, dec: dec }),
    0,
  );
}

/** A function of texts: missing where one of its arguments is. */
function ofTexts(
  usage: string,
  meaning: string,
  kind: Kind,
  count: number,
  apply: (...texts: string[]) => Value,
): ExpressionFunction {
  return {
    usage,
    meaning,
    kind,
    counts: [count],
    takes: 'text',
    apply: (args) =>
      args.every((arg) => typeof arg === 'string') ? apply(...(args as string[])) : undefined,
  };
}

/** A function of all numbers in its arguments and in the lists among them; those that are missing do not count. */
function ofLists(
  usage: string,
  meaning: string,
  apply: (values: readonly (number | bigint)[]) => Value,
): ExpressionFunction {
  return {
    usage,
    meaning,
    kind: 'number',
    counts: many,
    takes: 'list',
    apply: (args) =>
      apply(
        args
          .flat()
          .filter(
            (value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint',
          ),
      ),
  };
}

function extreme(
  values: readonly (number | bigint)[],
  isBetter: (a: number | bigint, b: number | bigint) => boolean,
): Value {
  return values.reduce<number | bigint | undefined>(
    (best, value) => (best === undefined || isBetter(value, best) ? value : best),
    undefined,
  );
}

function arcseconds(ra: number, dec: number, ra2: number, dec2: number): number {
  return 3600 * angularDistance({ ra, dec }, { ra: ra2, dec: dec2 });
}

/** The functions of expressions, by name. */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map([
  [
    'cone',
    {
      usage: 'cone(ra, dec, radius)',
      meaning: 'whether the alert is within radius [arcsec] of a position [deg]',
      kind: 'boolean',
      counts: [3],
      takes: 'number',
      ownPosition: 3,
      // Asked of every alert by many filters: without a list made for it.
      apply: (args: readonly Value[]): Value => {
        const ra = toNumber(args[0]);
        const dec = toNumber(args[1]);
        const ra0 = toNumber(args[2]);
        const dec0 = toNumber(args[3]);
        const radius = toNumber(args[4]);
        if (ra === undefined || dec === undefined) return undefined;
        if (ra0 === undefined || dec0 === undefined || radius === undefined) return undefined;
        // Most alerts are further away in declination alone.
        if (3600 * Math.abs(dec - dec0) > radius) return false;
        return arcseconds(ra, dec, ra0, dec0) <= radius;
      },
    } satisfies ExpressionFunction,
  ],
  [
    'distance',
    ofNumbers(
      'distance(ra, dec[, ra2, dec2])',
      'angle to a position, or between two [arcsec]',
      [2, 4],
      (ra, dec, ra2, dec2) => arcseconds(ra, dec, ra2, dec2),
      2,
    ),
  ],
  ['ecliptic_lat', coordinate('ecliptic_lat', 'ecliptic latitude', (position) => toEcliptic(position).beta)],
  [
    'ecliptic_lon',
    coordinate('ecliptic_lon', 'ecliptic longitude', (position) => toEcliptic(position).lambda),
  ],
  ['galactic_lat', coordinate('galactic_lat', 'galactic latitude', (position) => toGalactic(position).b)],
  ['galactic_lon', coordinate('galactic_lon', 'galactic longitude', (position) => toGalactic(position).l)],
  ['min', ofLists('min(x, …)', 'the least number', (values) => extreme(values, (a, b) => a < b))],
  ['max', ofLists('max(x, …)', 'the greatest number', (values) => extreme(values, (a, b) => a > b))],
  [
    'mean',
    ofLists('mean(x, …)', 'the mean', (values) =>
      finite(values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length),
    ),
  ],
  [
    'count',
    {
      usage: 'count(list)',
      meaning: 'how many values a list has, such as prv_candidates.magpsf; 0 where it is missing',
      kind: 'number',
      counts: one,
      takes: 'any',
      apply: ([list]) => (Array.isArray(list) ? list.length : 0),
    },
  ],
  [
    'first',
    {
      usage: 'first(x, …)',
      meaning: 'the first that is not missing',
      kind: 'any',
      counts: many,
      takes: 'any',
      apply: (args) => args.find((arg) => arg !== undefined),
    },
  ],
  ['abs', ofNumbers('abs(x)', 'without its sign', one, Math.abs)],
  ['sqrt', ofNumbers('sqrt(x)', 'square root', one, Math.sqrt)],
  ['exp', ofNumbers('exp(x)', 'e to the power of x', one, Math.exp)],
  ['ln', ofNumbers('ln(x)', 'natural logarithm', one, Math.log)],
  ['log10', ofNumbers('log10(x)', 'decimal logarithm', one, Math.log10)],
  ['floor', ofNumbers('floor(x)', 'next whole number below', one, Math.floor)],
  ['ceil', ofNumbers('ceil(x)', 'next whole number above', one, Math.ceil)],
  ['round', ofNumbers('round(x)', 'nearest whole number', one, Math.round)],
  ['utc', ofNumbers('utc(mjd)', 'Modified Julian Date in UTC of one in TAI [d]', one, utcOfTai)],
  ['lower', ofTexts('lower(text)', 'in lower case', 'text', 1, (text) => text.toLowerCase())],
  [
    'starts_with',
    ofTexts('starts_with(text, part)', 'whether text begins with part', 'boolean', 2, (text, part) =>
      text.startsWith(part),
    ),
  ],
  [
    'contains',
    ofTexts('contains(text, part)', 'whether part is in text', 'boolean', 2, (text, part) =>
      text.includes(part),
    ),
  ],
]);

/** Functions that only derived names use. */
export const SURVEY_FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map([
  ['ztf_band', surveyFunction('text', (fid) => bandOfZtf(fid) ?? undefined)],
  ['ztf_sign', surveyFunction('number', (flag) => signOfZtf(flag) ?? undefined)],
]);

function surveyFunction(kind: Kind, apply: (value: Value) => Scalar | undefined): ExpressionFunction {
  return { usage: '', meaning: '', kind, counts: one, takes: 'any', apply: ([value]) => apply(value) };
}
