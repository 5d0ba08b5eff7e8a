import { type AlertFilter, CrossMatch, filterNameProblem, loadCatalogue, watchlist } from '@apf/alerts';
import { UsageError } from '@apf/core';
import type { Argv } from 'yargs';

const group = 'Catalogues:';

export interface MatchOptions {
  readonly match?: string | undefined;
  readonly matchField?: readonly string[] | undefined;
  readonly matchRadius?: number | undefined;
  readonly matchSeparation?: string | undefined;
  readonly matchNone?: string | undefined;
  readonly watchlist?: readonly string[] | undefined;
  readonly watchlistRadius?: number | undefined;
}

/** Adds the options by which alerts are looked up in catalogues. */
export function withMatch<T>(yargs: Argv<T>): Argv<T & MatchOptions> {
  return yargs.options({
    match: {
      group,
      type: 'string',
      describe: 'Look alerts up in this catalogue (.csv, .tsv, .parquet), before any filter',
    },
    'match-field': {
      group,
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'FIELD=COLUMN: a field to add, from a column of the catalogue: cdsxmatch=main_type; may be repeated',
    },
    'match-radius': {
      group,
      type: 'number',
      describe: 'How near the source must be [arcsec]; 1 where absent',
    },
    'match-separation': {
      group,
      type: 'string',
      describe: 'The field for the distance of the source [arcsec]',
    },
    'match-none': {
      group,
      type: 'string',
      describe: "What fields of text hold where no source is near, Fink's 'Unknown' say; null where absent",
    },
    watchlist: {
      group,
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'NAME=CATALOGUE: alerts near one of its sources go to the topic NAME; may be repeated',
    },
    'watchlist-radius': { group, type: 'number', describe: 'How near they must be [arcsec]; 2 where absent' },
  }) as unknown as Argv<T & MatchOptions>;
}

/** From pole to pole [arcsec]. */
const WIDEST = 648_000;

/** @throws UsageError for options that are wrong, or a catalogue that cannot be read */
export async function matchOf(options: MatchOptions): Promise<CrossMatch | undefined> {
  const {
    match,
    matchField,
    matchRadius: radius = 1,
    matchSeparation: separation,
    matchNone: unmatched,
  } = options;
  if (match === undefined) {
    const lone = Object.entries({
      'match-field': matchField,
      'match-separation': separation,
      'match-none': unmatched,
    });
    const given = lone.find(([, value]) => value !== undefined)?.[0];
    if (given !== undefined) throw new UsageError(`--${given} needs --match, the catalogue`);
    return undefined;
  }
  checkRadius('match-radius', radius);
  const pairs = (matchField ?? []).map((text) => pair(text, '--match-field', 'FIELD=COLUMN'));
  const names = [...pairs.map(([name]) => name), ...(separation === undefined ? [] : [separation])];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UsageError(
      `the field '${twice.slice(0, 60)}' is to be added twice: give each a name of its own`,
    );
  const fields = Object.fromEntries(pairs);
  if (Object.keys(fields).length === 0 && separation === undefined)
    throw new UsageError(
      '--match adds nothing: name what, with --match-field FIELD=COLUMN or --match-separation FIELD',
    );
  const catalogue = await loadCatalogue(match, { columns: [...new Set(Object.values(fields))] });
  return new CrossMatch(catalogue, { radius, fields, separation, unmatched });
}

/** A filter for each watchlist. @throws UsageError as {@link matchOf} */
export async function watchlistsOf({
  watchlist: lists,
  watchlistRadius: radius = 2,
}: MatchOptions): Promise<AlertFilter[]> {
  checkRadius('watchlist-radius', radius);
  const filters: AlertFilter[] = [];
  for (const text of lists ?? []) {
    const [name, path] = pair(text, '--watchlist', 'NAME=CATALOGUE');
    const problem = filterNameProblem(name);
    if (problem !== undefined) throw new UsageError(`--watchlist '${name.slice(0, 60)}' ${problem}`);
    filters.push({ name, definition: watchlist(await loadCatalogue(path, { columns: [] }), radius) });
  }
  return filters;
}

function checkRadius(option: string, radius: number): void {
  if (!(radius > 0 && radius <= WIDEST))
    throw new UsageError(`--${option} must be above 0 and up to ${WIDEST} arcsec, not ${radius}`);
}

function pair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1)
    throw new UsageError(`${option} '${text.slice(0, 60)}': write ${form}`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
