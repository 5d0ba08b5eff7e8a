import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { FolderLetters, letterStore, producerOf, replayToSource } from '@apf/connectors';
import type { DashboardOptions } from '@apf/dashboard';
import { silent, UsageError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import { isProject, loadProject } from '../step-project/load-project.js';
import type { ServeOptions } from './dashboard-options.js';

/**
 * The dead letters of `--dead-letters`, and how they are sent again: to the broker that is shown, else to the one that the
 * step reads.
 * @throws UsageError for a place that is not there, or where it is not known to which broker to send
 */
export async function shownLetters(
  { deadLetters, allowReplay }: ServeOptions,
  broker: Connection | undefined,
): Promise<DashboardOptions['letters']> {
  if (deadLetters === undefined) {
    if (allowReplay) throw new UsageError('--allow-replay needs dead letters: say where with --dead-letters');
    return undefined;
  }
  const folder = resolve(deadLetters);
  const project = isProject(folder) ? await loadProject(folder) : undefined;
  if (!project && !existsSync(folder))
    throw new UsageError(`there is no folder ${folder}: name one with --dead-letters`);
  const store = project
    ? letterStore(project.settings.DEAD_LETTERS, folder, silent)
    : new FolderLetters(folder);
  if (!allowReplay) return { store };
  if (!broker && !project)
    throw new UsageError(
      '--allow-replay needs a broker to send to: name one, or the step with --dead-letters',
    );
  const params = broker?.params ?? producerOf(project!.settings.CONSUMER_CONFIG.PARAMS);
  return {
    store,
    replay: async (letters) => {
      let sent = 0;
      await replayToSource({ store, letters, params, logger: silent, onProgress: (done) => (sent = done) });
      return sent;
    },
  };
}
