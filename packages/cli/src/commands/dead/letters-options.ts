import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { FolderLetters, type LetterStore, letterStore, type StoredLetter } from '@apf/connectors';
import { silent, UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { isProject, loadProject, type Project } from '../../step-project/load-project.js';

export interface LettersOptions {
  readonly from: string;
  readonly code?: string | undefined;
  readonly topic?: string | undefined;
}

/** Adds the options by which dead letters are chosen. */
export function withLetters<T>(yargs: Argv<T>): Argv<T & LettersOptions> {
  return yargs.options({
    from: {
      type: 'string',
      default: '.',
      describe: 'The project of a step, or a folder of dead letters',
    },
    code: { type: 'string', describe: 'Only those with this error code' },
    topic: { type: 'string', describe: 'Only those of this topic' },
  }) as unknown as Argv<T & LettersOptions>;
}

export interface Letters {
  readonly store: LetterStore;
  /** The step whose letters they are; undefined for a mere folder. */
  readonly project: Project | undefined;
  readonly letters: readonly StoredLetter[];
}

/**
 * The dead letters that the options choose.
 * @param ids `topic-partition-offset`, as `apf dead list --all` shows it; all where there is none
 * @throws UsageError for one that is not there.
 */
export async function chosenLetters(options: LettersOptions, ids: readonly string[] = []): Promise<Letters> {
  const folder = resolve(options.from);
  const project = isProject(folder) ? await loadProject(folder) : undefined;
  if (!project && !existsSync(folder))
    throw new UsageError(`there is no folder ${folder}: name one with --from`);
  const store = project
    ? letterStore(project.settings.DEAD_LETTERS, folder, silent)
    : new FolderLetters(folder);
  const all = await store.list();
  const missing = ids.find((id) => !all.some((letter) => letter.id === id));
  if (missing !== undefined)
    throw new UsageError(
      `there is no dead letter '${missing}' in ${store.where}; apf dead list --all names them`,
    );
  const letters = all.filter(
    ({ id, code, topic }) =>
      (ids.length === 0 || ids.includes(id)) &&
      (options.code === undefined || code === options.code) &&
      (options.topic === undefined || topic === options.topic),
  );
  return { store, project, letters };
}

export const counted = (count: number): string => (count === 1 ? '1 dead letter' : `${count} dead letters`);
