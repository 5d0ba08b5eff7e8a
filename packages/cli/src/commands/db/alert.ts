import { StoredAlerts } from '@apf/connectors';
import { toJson, UsageError, writeContainer } from '@apf/core';
import { defineCommand } from '../../command.js';
import { inDatabase, withDatabase } from '../../database/database-options.js';
import { writeNewFile } from '../../look/write-new-file.js';

/** Ids are 64 bits wide. */
const LARGEST = 2n ** 63n - 1n;

/** `apf db alert`: an alert as it was received. */
export const alert = defineCommand(
  (yargs) =>
    withDatabase(
      yargs
        .positional('candid', {
          type: 'string',
          demandOption: true,
          describe: 'Its id: candid of ZTF, diaSourceId of LSST',
        })
        .option('out', {
          alias: 'o',
          type: 'string',
          describe: 'Write it to this file instead, an Avro container with the schema that it came with',
        })
        .option('overwrite', { type: 'boolean', default: false, describe: '--out: replace a file' })
        .option('non-finite', {
          choices: ['null', 'literal', 'string'] as const,
          default: 'null' as const,
          describe: 'How NaN and infinities are written as JSON',
        }),
    )
      .example('apf db alert 1234567890123456789 | jq .candidate', 'integers are exact, bytes base64')
      .example('apf db alert 1234567890123456789 --out alert.avro', 'then apf plot --in alert.avro'),
  async ({ candid, out, overwrite, nonFinite, ...options }) => {
    if (!/^-?\d+$/.test(candid) || BigInt(candid) > LARGEST || BigInt(candid) < -LARGEST - 1n)
      throw new UsageError(`'${candid}' is no id of an alert; it is an integer of at most 64 bits`);
    await inDatabase(options, true, async (database) => {
      const found = await new StoredAlerts(database).find(BigInt(candid));
      if (!found) {
        console.error(`apf: the database ${database.where} has no alert ${candid}`);
        process.exitCode = 1;
      } else if (out === undefined) console.log(toJson(found.alert, { schema: found.schema, nonFinite }));
      else {
        await writeNewFile(out, writeContainer(found.schema, [found.alert]), overwrite);
        console.error(`apf: ${out}`);
      }
    });
  },
);
