import { relative } from 'node:path';
import { defineCommand } from '../command.js';
import { generateStep } from '../new-step/generate.js';
import { DATABASES, PRODUCERS, SOURCES, TOPIC_STRATEGIES } from '../new-step/step-options.js';

export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'Name of the step, such as sn_process',
      })
      .option('source', { choices: SOURCES, default: 'kafka' as const, describe: 'Where alerts come from' })
      .option('producer', { choices: PRODUCERS, default: 'none' as const, describe: 'Where results go' })
      .option('db', { choices: DATABASES, describe: 'Write results as rows of a table too' })
      .option('batch', { type: 'boolean', default: false, describe: 'execute() gets a batch of alerts' })
      .option('topic-strategy', {
        choices: TOPIC_STRATEGIES,
        describe: 'One topic a day, as ALeRCE has them',
      })
      .option('schema', {
        type: 'string',
        describe: 'Avro schema from which the type of an alert is written',
      })
      .option('dir', { type: 'string', describe: "The project's folder  [default: ./NAME]" })
      .example('apf new-step sn_process --topic-strategy daily --producer kafka', '')
      .example('apf new-step sn_process --db sqlite', 'a table of its own, which its first start makes'),
  async (options) => {
    const folder = await generateStep(options);
    const place = relative('', folder) || '.';
    console.log(`Made ${place}. Next:\n\n  cd ${place}\n  npm install && npm test\n  npm start\n`);
    if (options.schema !== undefined && options.source !== 'kafka') {
      console.log(`Before npm start, put alerts of your schema where settings.ts looks for them.\n`);
    }
  },
);
