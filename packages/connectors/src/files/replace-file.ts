import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannotWrite } from './cannot-write.js';
import { makeFolder, syncFolder } from './folder.js';

/**
 * Writes a file in place of the one that may be there: at any moment there is the old one or the new one as a whole, and
 * once it resolves a power cut leaves the new one. The folder is made where there is none.
 * @param what it holds, for the error.
 * @throws FatalError (APF_FILE) that names the file
 */
export async function replaceFile(what: string, path: string, bytes: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await makeFolder(dirname(path));
    const file = await open(draft, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw cannotWrite(what, path, 'APF_FILE', error);
  }
}
