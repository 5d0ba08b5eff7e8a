import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  type AlertFilter,
  BUILT_IN_FILTERS,
  coneFilter,
  filterNameProblem,
  filterOf,
  TEMPLATE_FILTERS,
} from '@apf/alerts';
import { nearest, printable, toError, UsageError } from '@apf/core';
import { FILTER_FOLDER, filterFiles, filterNameOf, loadFilter } from './filter-folder.js';
import { filterImport } from './filter-loader.js';

/** A filter that can be named or numbered. Those of a folder are loaded when they are needed: they may be many. */
export interface CatalogueEntry {
  readonly number: number;
  readonly name: string;
  readonly from: 'own' | 'built-in' | 'template';
  load(): Promise<AlertFilter>;
}

/** `NAME=EXPRESSION`. */
const NAMED_EXPRESSION = /^([A-Za-z][A-Za-z0-9_-]*)=(?!=)(.*)$/s;
/** `cone(150.1, 2.2, 3600)`: the position in degrees, the radius in arcsec. */
const CONE = /^cone\(([^(),]{1,40}),([^(),]{1,40}),([^(),]{1,40})\)$/;
/** The name of a package, as npm has it. */
const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * All filters that there are, numbered from 1: the user's own in the order of their names (LSST's hundred templates in
 * their place where there are none), then the built-in ones.
 */
export class FilterCatalogue {
  private constructor(
    readonly entries: readonly CatalogueEntry[],
    /** Where the user's own were looked for. */
    readonly place: string,
  ) {}

  /** @param place a folder, or a package that exports filters by their names; `./filters` where absent. */
  static async open(place: string | undefined): Promise<FilterCatalogue> {
    const from = place ?? FILTER_FOLDER;
    const own = isFolder(from) || place === undefined ? fromFolder(from) : await fromPackage(from);
    const first = own.length > 0 ? own : TEMPLATE_FILTERS.map((filter) => ready(filter, 'template'));
    // A filter of one's own hides the built-in one of its name.
    const names = new Set(own.map(({ name }) => name));
    const builtIn = BUILT_IN_FILTERS.filter(({ name }) => !names.has(name)).map((filter) =>
      ready(filter, 'built-in'),
    );
    return new FilterCatalogue(
      [...first, ...builtIn].map((entry, i) => ({ ...entry, number: i + 1 })),
      from,
    );
  }

  /**
   * The filters that were asked for: by name, number, range of numbers (`1-20`), file, `cone(RA, DEC, ARCSEC)`, or
   * `NAME=EXPRESSION`.
   * @throws UsageError for one that there is not, and for two of one name
   */
  async choose(wanted: readonly string[]): Promise<AlertFilter[]> {
    const filters: AlertFilter[] = [];
    for (const what of wanted) filters.push(...(await this.find(what)));
    const names = new Set<string>();
    for (const { name } of filters) {
      if (names.has(name)) throw new UsageError(`two filters are named '${name}': each name is a topic`);
      names.add(name);
    }
    return filters;
  }

  /** All of the user's own; the built-in ones where there are none. */
  async all(): Promise<AlertFilter[]> {
    const own = this.entries.filter(({ from }) => from === 'own');
    const chosen = own.length > 0 ? own : this.entries.filter(({ from }) => from === 'built-in');
    return this.choose(chosen.map(({ number }) => String(number)));
  }

  private async find(what: string): Promise<AlertFilter[]> {
    const range = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(what);
    if (range) return this.numbered(Number(range[1]), Number(range[2] ?? range[1]));
    const entry = this.entries.find(({ name }) => name === what);
    if (entry) return [await entry.load()];
    const named = NAMED_EXPRESSION.exec(what);
    if (named) return [fromExpression(named[1]!, named[2]!)];
    const cone = CONE.exec(what.replaceAll(' ', ''));
    if (cone) return [fromCone(cone.slice(1))];
    if (/\.[cm]?[jt]s$/.test(what) && existsSync(what)) return [await loadFilter(what)];
    throw this.unknown(what);
  }

  private async numbered(first: number, last: number): Promise<AlertFilter[]> {
    const count = this.entries.length;
    for (const number of [first, last])
      if (number < 1 || number > count)
        throw new UsageError(`there is no filter ${number}: they are numbered from 1 to ${count}`);
    if (first > last) throw new UsageError(`the range ${first}-${last} of filters ends before it begins`);
    const filters: AlertFilter[] = [];
    for (const entry of this.entries.slice(first - 1, last)) filters.push(await entry.load());
    return filters;
  }

  private unknown(what: string): UsageError {
    const shown = printable(what, 80);
    if (/[\s<>=()]/.test(what))
      return new UsageError(`'${shown}' is no filter's name; give an expression one: NAME=EXPRESSION`);
    const problem = filterNameProblem(what);
    if (problem) return new UsageError(`'${shown}' ${problem}`);
    const near = nearest(
      what,
      this.entries.map(({ name }) => name),
    );
    return new UsageError(
      `there is no filter '${shown}' in ${printable(this.place, 200)}, and none is built in${near ? `; did you mean '${near}'?` : ': see apf filters list'}`,
    );
  }
}

type Unnumbered = Omit<CatalogueEntry, 'number'>;

const ready = (filter: AlertFilter, from: CatalogueEntry['from']): Unnumbered => ({
  name: filter.name,
  from,
  load: () => Promise.resolve(filter),
});

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function fromFolder(folder: string): Unnumbered[] {
  return filterFiles(folder).map((file) => ({
    name: filterNameOf(file),
    from: 'own',
    load: () => loadFilter(file),
  }));
}

/** A package's exports by their names; what is no filter among them, such as a helper, is passed over. */
async function fromPackage(name: string): Promise<Unnumbered[]> {
  const shown = printable(name, 200);
  if (isAbsolute(name) || !PACKAGE.test(name))
    throw new UsageError(`--filters: there is no folder ${shown}, and it is no package's name`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await filterImport(join(process.cwd(), 'package.json'))(name);
  } catch (error) {
    throw new UsageError(
      `--filters: there is no folder ${shown}, and no package of that name could be loaded: ${toError(error).message}`,
      { cause: error },
    );
  }
  const filters = Object.entries(module).flatMap(([key, value]) => {
    try {
      return key === 'default' ? [] : [filterOf(value, key, `${shown}#${key}`)];
    } catch {
      return [];
    }
  });
  if (filters.length === 0)
    throw new UsageError(`--filters: the package ${shown} exports no filter by its name`);
  return filters.sort((a, b) => (a.name < b.name ? -1 : 1)).map((filter) => ready(filter, 'own'));
}

function fromExpression(name: string, expression: string): AlertFilter {
  return filterOf({ expression, description: printable(expression, 60) }, name, `filter ${name}`);
}

function fromCone(texts: readonly string[]): AlertFilter {
  const [ra, dec, radius] = texts.map(Number) as [number, number, number];
  if (!(ra >= 0 && ra <= 360 && dec >= -90 && dec <= 90 && radius > 0 && Number.isFinite(radius)))
    throw new UsageError(
      'cone(RA, DEC, ARCSEC) takes degrees from 0 to 360 and from -90 to 90, and a radius above 0',
    );
  return { name: 'cone', definition: coneFilter(ra, dec, radius) };
}
