import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Header, toError, UsageError } from '@apf/core';
import { makeFolder } from '../files/folder.js';
import { byPosition, type LetterStore, type StoredLetter } from './letter-store.js';

/** What the JSON file of a dead letter says: see `FolderDeadLetterSink`. */
interface Description {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly error: string;
  readonly stage: string;
  readonly step: string;
  readonly time: string;
  readonly timestamp: number | null;
  readonly bytes: number | null;
  readonly key: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Letters that were replayed are kept in this folder below the others. */
const REPLAYED = 'replayed';

interface FolderLetter extends StoredLetter {
  /** The name of its files, without their endings. */
  readonly name: string;
}

/** The dead letters of a folder. What is replayed moves to its folder `replayed`, what is dropped is deleted. */
export class FolderLetters implements LetterStore {
  constructor(readonly where: string) {}

  async list(): Promise<FolderLetter[]> {
    let files: string[];
    try {
      files = await readdir(this.where);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      throw new UsageError(`the dead letters in ${this.where} cannot be read: ${message}`, {
        code: 'APF_FILE',
      });
    }
    const names = files.filter((file) => file.endsWith('.json') && !file.startsWith('.'));
    const letters = await Promise.all(names.map((file) => this.#read(file.slice(0, -'.json'.length))));
    return letters.filter((letter) => letter !== undefined).sort(byPosition);
  }

  async done(letters: readonly StoredLetter[], how: 'replayed' | 'dropped'): Promise<void> {
    const folder = join(this.where, REPLAYED);
    if (how === 'replayed') await makeFolder(folder);
    for (const { name } of letters as readonly FolderLetter[]) {
      // The description first: a letter without one is none, so that a crash in between leaves no half of a letter.
      for (const file of [`${name}.json`, `${name}.bin`]) {
        const path = join(this.where, file);
        if (how === 'dropped') await rm(path, { force: true });
        else await rename(path, join(folder, file)).catch(unlessMissing);
      }
    }
  }

  async #read(name: string): Promise<FolderLetter | undefined> {
    const path = join(this.where, `${name}.json`);
    let said: Description;
    try {
      said = JSON.parse(await readFile(path, 'utf8')) as Description;
    } catch (error) {
      throw new UsageError(`${path} is no description of a dead letter: ${toError(error).message}`, {
        code: 'APF_FILE',
      });
    }
    // Other JSON that lies in the folder.
    if (typeof said?.topic !== 'string' || typeof said.offset !== 'number') return undefined;
    const { topic, partition, offset, code, error, stage, step, time, timestamp, bytes, key } = said;
    return {
      name,
      id: `${topic}-${partition}-${offset}`,
      topic,
      partition,
      offset,
      code,
      error,
      stage,
      step,
      time,
      timestamp: timestamp ?? undefined,
      key: key === null ? null : Buffer.from(key, 'base64'),
      headers: said.headers.map((header): Header => ({ [header.name]: Buffer.from(header.value, 'base64') })),
      bytes: async () => (bytes === null ? null : readFile(join(this.where, `${name}.bin`))),
    };
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
