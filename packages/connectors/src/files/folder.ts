import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it, where they do not exist. Node's own recursive mkdir says ENOENT of a read-only file
 * system, and never returns from a folder that takes no new one (Linux's /proc).
 */
export async function makeFolder(path: string): Promise<void> {
  const made = await tryFolder(path);
  if (made === true) return;
  if ((made as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw made;
  await makeFolder(dirname(path));
  const second = await tryFolder(path);
  if (second !== true) throw second;
}

/** True once the folder is there, whoever made it; else why it is not. */
async function tryFolder(path: string): Promise<true | Error> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() === true || (error as Error);
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
