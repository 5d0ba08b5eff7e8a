import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
const types = dirname(dirname(require.resolve('@types/node/package.json')));

/** Compiles with `tsc --strict`; gives what it says, which is nothing if all is well. */
export function compile(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'apf-types-'));
  try {
    symlinkSync(types, join(folder, 'types'));
    writeFileSync(join(folder, 'alert.ts'), source);
    const options = [
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--types',
      'node',
    ];
    execFileSync(process.execPath, [tsc, ...options, '--typeRoots', 'types', 'alert.ts'], { cwd: folder });
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
