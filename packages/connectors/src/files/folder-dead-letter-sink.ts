import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadLetter, Outgoing, Sink } from '@apf/core';
import { cannotWrite } from './cannot-write.js';
import { deadLetterName } from './dead-letter-name.js';
import { makeFolder, syncFolder } from './folder.js';

export interface FolderDeadLetterSinkOptions {
  /** The folder, made where it does not exist; `./dead-letters` by default. */
  readonly path?: string | undefined;
}

/**
 * Dead letters as files of a folder: `<name>.bin` has the message's bytes as they came (there is none for a tombstone),
 * `<name>.json` where they came from, its key, headers and time, and why it is here. Both are named by the position, so
 * a dead letter that comes again after a crash replaces itself.
 *
 * The folder is tried when the run starts, and `flush` resolves once everything is on the disk. Whatever fails is a
 * FatalError (APF_DEAD_LETTER): a message that is neither processed nor kept would be lost.
 */
export class FolderDeadLetterSink implements Sink<DeadLetter> {
  private readonly path: string;
  /** Of the names that are no one else's: every container that shares the folder has process 1. */
  private readonly own = randomBytes(6).toString('hex');
  private written = false;

  constructor({ path = './dead-letters' }: FolderDeadLetterSinkOptions = {}) {
    this.path = path;
  }

  async open(): Promise<void> {
    await this.orFatal(async () => {
      await makeFolder(this.path);
      const trial = join(this.path, `.trial-${this.own}`);
      await writeSynced(trial, Buffer.from('dead letters can be written here\n'));
      await rm(trial);
    });
  }

  async write(batch: readonly Outgoing<DeadLetter>[]): Promise<void> {
    await this.orFatal(async () => {
      for (const { value } of batch) {
        this.written = true;
        const name = deadLetterName(value.message);
        // The bytes first: where there is a description, there is what it describes.
        if (value.message.value !== null) await this.put(`${name}.bin`, value.message.value);
        await this.put(`${name}.json`, Buffer.from(`${JSON.stringify(describe(value), null, 2)}\n`));
      }
    });
  }

  async flush(): Promise<void> {
    if (!this.written) return;
    await this.orFatal(() => syncFolder(this.path));
    this.written = false;
  }

  async close(): Promise<void> {
    // Every file is closed already.
  }

  /** Whole or not at all: a reader never finds half a file under its name. */
  private async put(name: string, bytes: Buffer): Promise<void> {
    const passing = join(this.path, `.${name}.${this.own}`);
    try {
      await writeSynced(passing, bytes);
      await rename(passing, join(this.path, name));
    } catch (error) {
      await rm(passing, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  private async orFatal(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw cannotWrite('dead letters', this.path, 'APF_DEAD_LETTER', error);
    }
  }
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the JSON file says. Key and header values are base64, since they are any bytes. */
function describe({ message, error, code, stage, step, when }: DeadLetter): object {
  const base64 = (bytes: Buffer | string): string => Buffer.from(bytes as string).toString('base64');
  return {
    error: error.message,
    code,
    stage,
    step,
    time: new Date(when).toISOString(),
    topic: message.topic,
    partition: message.partition,
    offset: message.offset,
    timestamp: message.timestamp ?? null,
    bytes: message.value?.length ?? null,
    key: message.key === null || message.key === undefined ? null : base64(message.key),
    headers: (message.headers ?? []).flatMap((header) =>
      Object.entries(header).map(([name, value]) => ({ name, value: base64(value) })),
    ),
    stack: error.stack ?? null,
  };
}
