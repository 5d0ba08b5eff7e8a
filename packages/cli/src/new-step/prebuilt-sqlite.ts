import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that `@apf/connectors` is tried with. */
export const SQLITE_VERSION = '12.11.1';

const BINARY = 'build/Release/better_sqlite3.node';
/** All that better-sqlite3 needs to run; the sources of SQLite are there to compile it. */
const SCRIPTS = ['lib', 'LICENSE'];

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The compiled part of the better-sqlite3 installed in `folder`; none where it is another version or does not run here. */
export function sqliteBinaries(folder: string): string[] {
  if (!existsSync(join(folder, BINARY)) || manifestOf(folder).version !== SQLITE_VERSION) return [];
  try {
    // Fails where it was compiled for another Node.js or another kind of machine.
    createRequire(import.meta.url)(join(folder, BINARY));
    return [BINARY];
  } catch {
    return [];
  }
}

/**
 * Copies a compiled better-sqlite3 to `target` in a form that installs without compiling: no install script, no sources, no
 * debug symbols. It fits this platform, this processor and this major version of Node.js only.
 */
export async function stagePrebuiltSqlite(folder: string, target: string): Promise<void> {
  for (const name of SCRIPTS) await cp(join(folder, name), join(target, name), { recursive: true });
  await mkdir(dirname(join(target, BINARY)), { recursive: true });
  await copyFile(join(folder, BINARY), join(target, BINARY));
  // A machine without binutils keeps the symbols: larger, not worse.
  await run('strip', [process.platform === 'darwin' ? '-x' : '--strip-unneeded', join(target, BINARY)]).catch(
    () => undefined,
  );
  const { description, main, license, engines, ...original } = manifestOf(folder) as Manifest &
    Record<string, unknown>;
  const manifest = {
    name: 'better-sqlite3',
    version: SQLITE_VERSION,
    ...{ description, main, license, engines },
    dependencies: { bindings: original.dependencies['bindings'] },
  };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
