import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { cannotWrite } from '../files/cannot-write.js';

/** What became of a file: written, there already with the same bytes, or there with others (and left as it is). */
export type Written = 'written' | 'same' | 'other';

let drafts = 0;

/**
 * Writes a file that appears whole or not at all, with its bytes on the disk. One that exists is left as it is unless
 * `overwrite` says otherwise. The folder is the caller's to sync.
 * @throws FatalError (APF_SINK) that names the file
 */
export async function writeOnce(path: string, bytes: Uint8Array, overwrite = false): Promise<Written> {
  const draft = `${path}.${process.pid}-${drafts++}.part`;
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) {
      await rename(draft, path);
      return 'written';
    }
    try {
      await link(draft, path);
      return 'written';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return (await readFile(path)).equals(bytes) ? 'same' : 'other';
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw cannotWrite('alerts', path, 'APF_SINK', error);
  }
}
