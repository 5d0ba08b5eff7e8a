import { mkdir, open } from 'node:fs/promises';

/** Makes a folder, and those above it, where they do not exist. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    // Of a read-only file system Node's recursive mkdir says ENOENT; the plain one says why.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(path);
  }
}

/** Makes new, renamed and deleted names of a folder outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
