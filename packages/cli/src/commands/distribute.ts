import { defineCommand } from '../command.js';
import { distribute } from '../distribute/distribute.js';
import { withDistributeOptions } from '../distribute/distribute-options.js';

/** `apf distribute`: sends new alerts of a database, or of a stream, on to topics of their own. */
export const command = defineCommand(
  (yargs) =>
    withDistributeOptions(yargs)
      .example(
        'apf distribute --database alerts.sqlite --servers host:9092 --topic fink_outstream',
        'every new alert, on and on',
      )
      .example(
        `apf distribute --database postgres://host/alerts --servers host:9092 --filter 'rrlyr=cdsxmatch == "RRLyr"'`,
        'those of a filter, to the topic rrlyr',
      )
      .example('apf distribute --conf fink.conf.distribution --dry-run', 'what would go where'),
  (options) => distribute(options),
);
