import { deadLetterClass, type Logger, type ResolvedDeadLetters, UsageError } from '@apf/core';
import { pathIn } from '../wiring/surroundings.js';
import { FolderLetters } from './folder-letters.js';
import { KafkaLetters } from './kafka-letters.js';
import type { LetterStore } from './letter-store.js';

/** Where the settings of a step in `folder` keep its dead letters. */
export function letterStore(settings: ResolvedDeadLetters, folder: string, logger: Logger): LetterStore {
  const { CLASS, DIRECTORY_PATH, PARAMS, TOPIC } = settings;
  const { kind } = deadLetterClass(CLASS, 'DEAD_LETTERS.CLASS');
  if (kind === 'folder') return new FolderLetters(pathIn(folder, DIRECTORY_PATH));
  if (kind === 'kafka') return new KafkaLetters({ params: PARAMS, topic: TOPIC ?? '', logger });
  throw new UsageError(`dead letters of the class '${CLASS}' can be listed by itself only`);
}
