import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannotWrite } from './cannot-write.js';
import { makeFolder, syncFolder } from './folder.js';

/**
 * A file that only grows, by whole records: what could not be written in full is taken back. All errors are a
 * FatalError (APF_SINK) that names the file.
 */
export class AppendFile {
  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
    /** A pipe or a terminal can neither be synced nor cut. */
    private readonly regular: boolean,
    /** Bytes in whole records. */
    private whole: number,
  ) {}

  get length(): number {
    return this.whole;
  }

  /**
   * Opens the file, and makes it and its folder where they do not exist.
   * @param exclusive whether a file that exists is an error; then `EEXIST` is thrown as it comes
   */
  static async open(path: string, exclusive = false): Promise<AppendFile> {
    try {
      await makeFolder(dirname(path));
      const handle = await open(path, exclusive ? 'ax+' : 'a+');
      const info = await handle.stat();
      if (info.isFile()) await syncFolder(dirname(path));
      return new AppendFile(path, handle, info.isFile(), info.isFile() ? info.size : 0);
    } catch (error) {
      if (exclusive && (error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      throw cannotWrite('outputs', path, 'APF_SINK', error);
    }
  }

  async append(bytes: Buffer): Promise<void> {
    try {
      await this.handle.writeFile(bytes);
      this.whole += bytes.length;
    } catch (error) {
      await this.cut(this.whole).catch(() => undefined);
      throw cannotWrite('outputs', this.path, 'APF_SINK', error);
    }
  }

  /** Drops everything from `length` on. */
  async cut(length: number): Promise<void> {
    if (!this.regular) return;
    await this.handle.truncate(length);
    this.whole = length;
  }

  /** Resolves once everything appended is on the disk. */
  async sync(): Promise<void> {
    if (!this.regular) return;
    try {
      await this.handle.datasync();
    } catch (error) {
      throw cannotWrite('outputs', this.path, 'APF_SINK', error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
