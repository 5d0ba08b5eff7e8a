import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { chosenLetters, counted, withLetters } from './letters-options.js';

/** `apf dead drop` */
export const drop = defineCommand(
  (yargs) =>
    withLetters(
      yargs.positional('letters', {
        type: 'string',
        array: true,
        describe: 'topic-partition-offset of each; all that --code and --topic choose where absent',
      }),
    )
      .option('dry-run', { type: 'boolean', default: false, describe: 'Only say what would be given up' })
      .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' }),
  async ({ letters: ids = [], dryRun, yes, ...options }) => {
    const { store, letters } = await chosenLetters(options, ids);
    if (letters.length === 0 || dryRun) {
      console.log(`${counted(letters.length)} of ${store.where} would be given up`);
      return;
    }
    if (!(await confirmed(`give up ${counted(letters.length)} of ${store.where} for good`, yes))) return;
    await store.done(letters, 'dropped');
    console.log(`${counted(letters.length)} given up`);
  },
);
