import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { letterReasons, type StoredLetter } from '@apf/connectors';
import { defineCommand } from '../../command.js';
import { printTable } from '../../print-table.js';
import { chosenLetters, counted, withLetters } from './letters-options.js';

/** `apf dead list` */
export const list = defineCommand(
  (yargs) =>
    withLetters(yargs)
      .option('all', { type: 'boolean', default: false, describe: 'Each letter, not one line a reason' })
      .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' })
      .example('apf dead list', 'those of the step in this folder, by their reason')
      .example('apf dead list --all --code APF_EXECUTE', 'each of them that execute has failed on'),
  async ({ all, json, ...options }) => {
    const { store, project, letters } = await chosenLetters(options);
    const rows: readonly object[] = all ? letters.map(lineOf) : letterReasons(letters);
    if (json) {
      for (const row of rows) console.log(JSON.stringify(row));
      return;
    }
    if (letters.length > 0) {
      const head = all
        ? ['letter', 'code', 'time', 'error']
        : ['count', 'code', 'stage', 'topic', 'last', 'error'];
      printTable(
        head,
        rows.map((row) => head.map((key) => (row as Readonly<Record<string, string | number>>)[key]!)),
      );
    }
    const strange = project === undefined && letters.length === 0 && (await store.list()).length === 0;
    console.error(
      `apf: ${counted(letters.length)} in ${store.where}${strange ? elsewhere(store.where) : ''}`,
    );
  },
);

/** What to do where somebody looks into a folder that is neither a step's project nor has letters. */
function elsewhere(folder: string): string {
  const below = ['dead-letters', 'undecoded']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  return below === undefined
    ? ": it has none, and is no step's project; --from names another"
    : `: look into ${below} with --from`;
}

const lineOf = ({ id, code, stage, step, time, error }: StoredLetter): object => ({
  letter: id,
  code,
  stage,
  step,
  time,
  error,
});
