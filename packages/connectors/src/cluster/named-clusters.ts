import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';

/** The folder of the cluster that people call `name`. Throws a UsageError for a name that is no folder name. */
export function clusterDir(name: string): string {
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) {
    throw new UsageError(
      `'${name}' cannot name a cluster: use letters, digits, - and _, at most 63, beginning with a letter or digit`,
    );
  }
  return join(clustersDir(), name);
}

/** The names of all clusters that were started here and not deleted, sorted. */
export async function clusterNames(): Promise<string[]> {
  try {
    const entries = await readdir(clustersDir(), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function clustersDir(): string {
  const base = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(base, 'apf', 'kafka');
}
