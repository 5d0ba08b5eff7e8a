import { extname } from 'node:path';
import { lightCurveEcsv, lightCurveVotable, measurementColumns, measurementRows } from '@apf/alerts';
import { csvText, ParquetFile } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { access } from 'node:fs/promises';
import { defineCommand } from '../command.js';
import { withAlerts } from '../look/alert-options.js';
import { wantedAlert } from '../look/wanted-alert.js';
import { writeNewFile } from '../look/write-new-file.js';

const FORMATS = ['csv', 'ecsv', 'votable', 'parquet'] as const;
type Format = (typeof FORMATS)[number];
const ENDINGS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.ecsv': 'ecsv',
  '.vot': 'votable',
  '.xml': 'votable',
  '.parquet': 'parquet',
};

/** `apf lightcurve FILE|ID`: the measurements of an object, with units and the scales of its times. */
export const command = defineCommand(
  (yargs) =>
    withAlerts(
      yargs
        .positional('object', {
          type: 'string',
          demandOption: true,
          describe: 'A file, or the id of an object or of an alert to look for',
        })
        .option('out', {
          type: 'string',
          alias: 'o',
          describe: `Write this file: ${Object.keys(ENDINGS).join(', ')}`,
        })
        .option('overwrite', { type: 'boolean', default: false, describe: 'Replace --out if it is there' })
        .option('format', { choices: FORMATS, describe: "csv unless --out ends with another's name" }),
    )
      .example('apf lightcurve ZTF19acyjzeo --in alerts/ --out sn.ecsv', '')
      .example('apf lightcurve ZTF19acyjzeo --db --format votable', ''),
  async ({ object, out, overwrite, format: named, ...options }) => {
    const format = named ?? (out === undefined ? 'csv' : ENDINGS[extname(out).toLowerCase()]);
    if (format === undefined)
      throw new UsageError(
        `--out '${out}' does not say in which form: let it end with ${Object.keys(ENDINGS).join(', ')}`,
      );
    if (format === 'parquet' && out === undefined)
      throw new UsageError('--format parquet needs a file: --out x.parquet');
    const { lightCurve } = await wantedAlert(object, options);
    const columns = measurementColumns(lightCurve);
    const rows = measurementRows(lightCurve);
    if (format === 'parquet') {
      await refuseExisting(out!, overwrite);
      const file = await ParquetFile.create(out!, columns);
      await file.append(rows);
      await file.close();
    } else {
      const text =
        format === 'ecsv'
          ? lightCurveEcsv(lightCurve)
          : format === 'votable'
            ? lightCurveVotable(lightCurve)
            : csvText(columns, rows);
      if (out === undefined) process.stdout.write(text);
      else await writeNewFile(out, text, overwrite);
    }
    if (out !== undefined) console.error(`apf: ${out} has ${rows.length} measurements`);
  },
);

async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !overwrite)
    throw new UsageError(`'${path}' is there already: --overwrite replaces it`, { code: 'APF_FILE' });
}
