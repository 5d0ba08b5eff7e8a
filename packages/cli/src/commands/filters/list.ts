import { type AlertFilter, readsOf, surveysOf } from '@apf/alerts';
import { toError } from '@apf/core';
import { defineCommand } from '../../command.js';
import { type CatalogueEntry, FilterCatalogue } from '../../filters/filter-catalogue.js';
import { withFilterPlace } from '../../filters/filter-options.js';
import { printTable } from '../../print-table.js';

/** One line of the list. */
interface Listed {
  readonly number: number;
  readonly name: string;
  readonly from: CatalogueEntry['from'];
  readonly survey: readonly string[];
  /** Derived values and fields, or its expressions. */
  readonly reads: readonly string[];
  readonly description: string;
  readonly source: string | null;
  readonly cap: number | null;
  readonly error: string | null;
}

/** `apf filters list` */
export const list = defineCommand(
  (yargs) =>
    withFilterPlace(yargs)
      .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' })
      .example('apf filters list', 'those of ./filters, then the built-in ones')
      .example('apf filters list --filters my-filters', 'those of a folder or a package'),
  async ({ filters: place, json }) => {
    const { entries } = await FilterCatalogue.open(place);
    const rows = await Promise.all(entries.map(listed));
    if (json) {
      for (const row of rows) console.log(JSON.stringify(row));
      return;
    }
    printTable(
      ['number', 'name', 'survey', 'reads', 'description'],
      together(rows).map((row) => [
        row.numbers,
        row.name,
        row.survey.join(' ') || 'any',
        shortened(row),
        row.description,
      ]),
    );
    console.error(
      "apf: an expression is a filter too: --filter 'm31=cone(10.68, 41.27, 3600) and snr > 8'; apf new-filter NAME writes one",
    );
    const broken = rows.filter(({ error }) => error !== null);
    for (const { error } of broken) console.error(`apf: ${error}`);
    if (broken.length > 0) process.exitCode = 1;
  },
);

async function listed(entry: CatalogueEntry): Promise<Listed> {
  const { number, name, from } = entry;
  try {
    return { number, from, error: null, ...described(await entry.load()) };
  } catch (error) {
    const none = {
      survey: [],
      reads: [],
      description: 'cannot be loaded, see below',
      source: null,
      cap: null,
    };
    return { number, name, from, ...none, error: toError(error).message };
  }
}

function described({ name, definition }: AlertFilter): Omit<Listed, 'number' | 'from' | 'error'> {
  const { description = '', source = null, cap = null } = definition;
  return { name, survey: surveysOf(definition) ?? [], reads: readsOf(definition), description, source, cap };
}

/** What it reads, short. */
function shortened({ reads }: Listed): string {
  const text = reads.join(' ');
  return text.length > READS ? `${text.slice(0, READS - 1)}…` : text;
}

const READS = 40;

/** Rows, LSST's hundred templates as one. */
function together(rows: readonly Listed[]): (Listed & { readonly numbers: string })[] {
  const templates = rows.filter(({ from }) => from === 'template');
  const [first] = templates;
  const last = templates.at(-1);
  const own = rows
    .filter(({ from }) => from !== 'template')
    .map((row) => ({ ...row, numbers: String(row.number) }));
  if (!first || !last) return own;
  const numbers = `${first.number}-${last.number}`;
  return [{ ...first, numbers, name: `${first.name} … ${last.name}` }, ...own];
}
