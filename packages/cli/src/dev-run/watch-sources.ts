import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a step reads when it starts. Not .json or .csv: a step may write those. */
const SOURCE = /(\.(ts|mts|js|mjs|avsc)|^\.env)$/;
/** Folders that hold none of the step's own sources. */
const SKIPPED = /^(\..*|node_modules|dist|vendor|dead-letters|output)$/;

/**
 * Calls `changed` with the path of each source below `folder` that is written, made or removed. Resolves to a function
 * that stops. (`fs.watch` can be recursive, but would then watch node_modules too.)
 */
export async function watchSources(folder: string, changed: (path: string) => void): Promise<() => void> {
  const watchers: FSWatcher[] = [];
  const watchFolder = async (path: string): Promise<void> => {
    watchers.push(
      watch(path, (_event, name) => {
        if (name !== null && SOURCE.test(name)) changed(join(path, name));
      }),
    );
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) await watchFolder(join(path, entry.name));
    }
  };
  await watchFolder(folder);
  return () => watchers.forEach((watcher) => watcher.close());
}
