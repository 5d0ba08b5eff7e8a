import { angularDistance, coneRanges, parsePosition, parseRadius, type SkyPosition } from '@apf/alerts';
import { selectRanges } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { defineCommand } from '../../command.js';
import { inDatabase, withDatabase } from '../../database/database-options.js';
import { formatOf, printRows, withOutput } from '../../database/print-rows.js';

const DISTANCE = 'distance_arcsec';
const BRIEF = ['oid', DISTANCE, 'meanra', 'meandec', 'ndet', 'firstmjd', 'lastmjd', 'stellar'];
const ARCSEC = 3600;

/** `apf db cone`: the objects around a position, nearest first. */
export const cone = defineCommand(
  (yargs) =>
    withOutput(
      withDatabase(
        yargs
          .positional('ra', {
            type: 'string',
            demandOption: true,
            describe: 'Right ascension: 150.5 (degrees), 10:02:00 or 10h02m00s',
          })
          .positional('dec', {
            type: 'string',
            demandOption: true,
            describe: 'Declination: -5.5, -05:30:00 or -5d30m00s',
          })
          .positional('radius', {
            type: 'string',
            demandOption: true,
            describe: '5arcsec (or just 5), 2arcmin, 0.5deg',
          })
          .option('galactic', {
            type: 'boolean',
            default: false,
            describe: 'The first two are galactic longitude and latitude',
          })
          .option('limit', { type: 'number', describe: 'Give at most so many, the nearest' }),
      ),
    )
      .example('apf db cone 10:02:00 -05:30:00 5arcsec', '')
      .example('apf db cone 120.5 -30 1deg --galactic -o objects.parquet', ''),
  async ({ ra, dec, radius: radiusText, galactic, limit, ...options }) => {
    const centre = parsePosition({ longitude: ra, latitude: dec, galactic });
    const radius = parseRadius(radiusText);
    formatOf(options);
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      throw new UsageError('--limit is a whole number from 1 on');
    }
    const { columns, rows } = await inDatabase(options, true, (database) =>
      selectRanges(database, 'object', 'healpix', coneRanges(centre, radius)),
    );
    const near = rows
      .map((row): Record<string, unknown> & { [DISTANCE]: number } => ({
        ...row,
        [DISTANCE]: ARCSEC * angularDistance(centre, positionOf(row)),
      }))
      .filter((row) => row[DISTANCE] <= ARCSEC * radius)
      .sort((a, b) => a[DISTANCE] - b[DISTANCE])
      .slice(0, limit);
    await printRows([...columns, { name: DISTANCE, type: 'double', nullable: false }], near, options, BRIEF);
    console.error(`apf: ${near.length} ${near.length === 1 ? 'object' : 'objects'}`);
  },
);

function positionOf(row: Readonly<Record<string, unknown>>): SkyPosition {
  return { ra: row.meanra as number, dec: row.meandec as number };
}
