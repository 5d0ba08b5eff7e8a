import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const folder = join(import.meta.dirname, '..');
let built: Promise<unknown> | undefined;

/** Bundles the page as it is now, once for a file of tests. */
export async function buildPage(): Promise<void> {
  built ??= promisify(execFile)('npm', ['run', '--silent', 'build'], {
    cwd: folder,
  });
  await built;
}

/** Bundles the page where that was not done yet, for tests to which it does not matter how it looks. */
export async function anyPage(): Promise<void> {
  if (!existsSync(join(folder, 'dist/page/index.html'))) await buildPage();
}
