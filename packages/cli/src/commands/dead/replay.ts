import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as connectors from '@apf/connectors';
import { producerOf, replayToSource } from '@apf/connectors';
import { printable, silent, UsageError } from '@apf/core';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { connection } from '../../connection/connection.js';
import { type ConnectionOptions, withConnection } from '../../connection/connection-options.js';
import { checkProject } from '../../dev-run/check-project.js';
import { loadProject } from '../../step-project/load-project.js';
import { chosenLetters, counted, type Letters, withLetters } from './letters-options.js';

/** `apf dead replay` */
export const replay = defineCommand(
  (yargs) =>
    withConnection(
      withLetters(
        yargs.positional('letters', {
          type: 'string',
          array: true,
          describe: 'topic-partition-offset of each; all that --code and --topic choose where absent',
        }),
      )
        .option('through', {
          type: 'string',
          describe: 'Run them through the step in this folder instead of sending them to their topics',
        })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Only say what would be sent' })
        .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' })
        .example('apf dead replay --code APF_EXECUTE --through .', 'after the step has been mended')
        .example('apf dead replay --profile writer', 'to their topics, by an account that may write there')
        .epilogue(
          'A hundred at a time are marked as replayed once they are confirmed: a crash in between sends those twice, and loses none.',
        ),
    ),
  async ({ letters: ids = [], through, dryRun, yes, ...options }) => {
    const chosen = await chosenLetters(options, ids);
    const { store, letters } = chosen;
    const topics = [...new Set(letters.map(({ topic }) => topic))];
    const where =
      through === undefined ? `to ${printable(topics.join(', '), 200)}` : `through the step in ${through}`;
    if (letters.length === 0 || dryRun) {
      console.log(
        `${counted(letters.length)} of ${store.where} would be sent${letters.length ? ` ${where}` : ''}`,
      );
      return;
    }
    if (!(await confirmed(`send ${counted(letters.length)} of ${store.where} ${where}`, yes))) return;
    if (through === undefined) await toTopics(chosen, options);
    else await throughStep(chosen, through);
  },
);

async function toTopics({ store, letters, project }: Letters, options: ConnectionOptions): Promise<void> {
  const named = options.servers ?? options.profile;
  if (named === undefined && !project) {
    throw new UsageError('which broker? name it with --servers or --profile, or the step with --from');
  }
  const params =
    named === undefined
      ? producerOf(project!.settings.CONSUMER_CONFIG.PARAMS)
      : (await connection(options)).params;
  let sent = 0;
  try {
    await replayToSource({ store, letters, params, logger: silent, onProgress: (done) => (sent = done) });
  } finally {
    console.log(`${counted(sent)} sent again`);
  }
}

/** The framework is the one of the step's project, so that the step and the runner share one copy of it. */
async function throughStep({ store, letters }: Letters, through: string): Promise<void> {
  const { folder, written, load } = await loadProject(through);
  checkProject(folder);
  const path = createRequire(join(folder, 'package.json')).resolve('@apf/connectors');
  const { replayThrough } = (await import(pathToFileURL(path).href)) as typeof connectors;
  const module = await load(join(folder, 'step.ts'));
  const StepClass = module.default as connectors.StepClass<unknown, unknown>;
  const stop = new AbortController();
  const stopping = (): void => stop.abort();
  process.once('SIGINT', stopping).once('SIGTERM', stopping);
  try {
    const result = await replayThrough(store, letters, written, StepClass, {
      folder,
      load,
      signal: stop.signal,
    });
    console.log(`${counted(result.replayed)} processed`);
    for (const { id, error } of result.failed)
      console.error(`apf: ${printable(`${id} failed again: ${error}`, 300)}`);
    if (result.failed.length > 0) process.exitCode = 1;
  } finally {
    process.off('SIGINT', stopping).off('SIGTERM', stopping);
  }
}
