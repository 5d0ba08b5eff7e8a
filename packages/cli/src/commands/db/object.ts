import { selectWhere } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { defineCommand } from '../../command.js';
import { inDatabase, withDatabase } from '../../database/database-options.js';
import { formatOf, printRows, withOutput } from '../../database/print-rows.js';

/** The tables that have rows of an object, what a terminal shows of each, and how its rows are sorted. */
const TABLES = {
  object: ['oid', 'survey', 'meanra', 'meandec', 'ndet', 'firstmjd', 'lastmjd', 'corrected', 'stellar'],
  detection: [
    'mjd',
    'band',
    'mag',
    'e_mag',
    'mag_corr',
    'e_mag_corr',
    'isdiffpos',
    'rb',
    'dubious',
    'candid',
  ],
  non_detection: ['mjd', 'band', 'diffmaglim'],
  forced_photometry: ['mjd', 'band', 'flux', 'e_flux', 'mag', 'e_mag', 'pid'],
  feature: ['name', 'band', 'value', 'version'],
  probability: ['classifier_name', 'classifier_version', 'ranking', 'class_name', 'probability'],
  alert: ['mjd', 'candid', 'time', 'topic', 'partition', 'offset', 'payload'],
} as const;
type Table = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as Table[];
const ORDER = ['mjd', 'classifier_name', 'classifier_version', 'ranking', 'name', 'band'];

/** `apf db object`: what a light-curve database knows of an object. */
export const object = defineCommand(
  (yargs) =>
    withOutput(
      withDatabase(
        yargs.positional('oid', { type: 'string', demandOption: true, describe: 'Its id' }).option('table', {
          choices: NAMES,
          describe: 'Give the rows of this table; on a terminal all that are not empty where absent',
        }),
      ),
    )
      .example('apf db object ZTF20aaelulu', '')
      .example('apf db object ZTF20aaelulu --table detection -o detections.csv', ''),
  async ({ oid, table, ...options }) => {
    const format = formatOf(options);
    if (format !== 'table' && table === undefined) {
      throw new UsageError(`--format ${format} takes the rows of one table: add --table ${NAMES.join('|')}`);
    }
    const asked = table === undefined ? NAMES.filter((name) => name !== 'alert') : [table];
    await inDatabase(options, true, async (database) => {
      let found = 0;
      for (const name of asked) {
        const { columns, rows } = await selectWhere(database, name, 'oid', [oid]);
        found += rows.length;
        if (table === undefined && rows.length === 0) continue;
        if (table === undefined) console.log(`${name === 'object' ? '' : '\n'}${name} (${rows.length})`);
        await printRows(columns, [...rows].sort(byOrder), options, TABLES[name]);
      }
      if (found === 0) {
        console.error(`apf: the database ${database.where} has no rows of ${JSON.stringify(oid)}`);
        process.exitCode = 1;
      }
    });
  },
);

type Row = Readonly<Record<string, unknown>>;

function byOrder(a: Row, b: Row): number {
  for (const column of ORDER) {
    const [x, y] = [a[column], b[column]];
    if (x === y || x === undefined || x === null || y === undefined || y === null) continue;
    return x < y ? -1 : 1;
  }
  return 0;
}
