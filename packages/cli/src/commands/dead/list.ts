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
    const { store, letters } = await chosenLetters(options);
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
    console.error(`apf: ${counted(letters.length)} in ${store.where}`);
  },
);

const lineOf = ({ id, code, stage, step, time, error }: StoredLetter): object => ({
  letter: id,
  code,
  stage,
  step,
  time,
  error,
});
