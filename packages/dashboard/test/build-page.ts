import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

let built: Promise<unknown> | undefined;

/** Bundles the page as it is now, once for a file of tests. */
export async function buildPage(): Promise<void> {
  built ??= promisify(execFile)('npm', ['run', '--silent', 'build'], {
    cwd: join(import.meta.dirname, '..'),
  });
  await built;
}
