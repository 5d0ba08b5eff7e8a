import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { FatalError, type Logger } from '@apf/core';
import { makeFolder } from '../files/folder.js';

/** Keys that are remembered: some 10 MB. Of more, those not seen for longest are forgotten. */
const LIMIT = 100_000;

/**
 * What was posted: in memory, and in a file where one is given, so that a restart knows it too. The file has a key a
 * line, as JSON text (a key may hold line breaks), and only grows.
 */
export class PostedKeys {
  private readonly keys = new Set<string>();
  private opened: Promise<FileHandle | undefined> | undefined;

  constructor(private readonly path: string | undefined) {}

  /** Whether it was posted; a key that is asked for stays remembered. */
  async has(key: string): Promise<boolean> {
    await (this.opened ??= this.load());
    if (!this.keys.delete(key)) return false;
    this.keys.add(key);
    return true;
  }

  /** Remembers a key, on the disk too before it resolves. */
  async add(key: string, logger: Logger): Promise<void> {
    this.remember(key);
    const file = await this.opened;
    if (file === undefined) return;
    try {
      await file.appendFile(`${JSON.stringify(key)}\n`);
      await file.datasync();
    } catch (error) {
      // The message is posted and cannot be taken back; that it may be posted again after a restart is all that is lost.
      logger.error({ file: this.path, key }, `the post could not be remembered: ${(error as Error).message}`);
    }
  }

  private remember(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size > LIMIT) this.keys.delete(this.keys.values().next().value as string);
  }

  private async load(): Promise<FileHandle | undefined> {
    if (this.path === undefined) return undefined;
    try {
      await makeFolder(dirname(this.path));
      const file = await open(this.path, 'a+');
      const lines = createInterface({ input: createReadStream(this.path), crlfDelay: Infinity });
      for await (const line of lines) {
        const key = keyOf(line);
        if (key !== undefined) this.remember(key);
      }
      // A crash may have left a line without its end; the next one must not become a part of it.
      await file.appendFile('\n');
      return file;
    } catch (error) {
      throw new FatalError(
        `the memory of what was posted cannot be kept in '${this.path}': ${(error as Error).message}; name a file that this user may write`,
        { code: 'APF_FILE', cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await (await this.opened?.catch(() => undefined))?.close();
    this.opened = undefined;
  }
}

function keyOf(line: string): string | undefined {
  try {
    const key: unknown = JSON.parse(line);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
