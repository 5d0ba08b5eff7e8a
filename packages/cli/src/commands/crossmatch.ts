import { defineCommand } from '../command.js';
import { distribute } from '../distribute/distribute.js';
import { withDistributeOptions } from '../distribute/distribute-options.js';

/** `apf crossmatch`: `apf distribute --match`, for whoever wants nothing else of it. */
export const command = defineCommand(
  (yargs) =>
    withDistributeOptions(yargs)
      .positional('catalogue', {
        type: 'string',
        demandOption: true,
        describe: 'Sources with ra and dec [deg] and further columns: .csv, .tsv or .parquet',
      })
      .example(
        'apf crossmatch simbad.csv --servers host:9092 --from-topics ztf --topic ztf_matched --match-field cdsxmatch=main_type --match-none Unknown',
        'the class of the nearest source, as Fink names it',
      ),
  (options) => distribute({ ...options, match: options.catalogue, schemaByTopic: true }),
);
