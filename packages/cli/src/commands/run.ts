import { resolve } from 'node:path';
import { defineCommand } from '../command.js';
import { checkProject } from '../dev-run/check-project.js';
import { runWhileEditing } from '../dev-run/run-while-editing.js';

export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('folder', { type: 'string', default: '.', describe: 'The project of the step' })
      .option('once', {
        type: 'boolean',
        default: false,
        describe: 'Run once, without watching for changes',
      }),
  async ({ folder, once }) => {
    process.exitCode = await runWhileEditing(checkProject(resolve(folder)), { once });
  },
);
