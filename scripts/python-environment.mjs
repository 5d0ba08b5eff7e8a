// An environment of Python with the readers that ours are checked against. It is made once and kept with the packages of
// npm, since installing takes longer than checking.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['numpy==2.2.6', 'astropy==7.1.0', 'fastavro==1.12.0', 'pyarrow==21.0.0', 'pandas==2.3.3'];

/** The path of its `python`. */
export function pythonEnvironment() {
  const version = execFileSync('python3', ['--version'], { encoding: 'utf8' });
  const name = createHash('sha256')
    .update([version, ...PACKAGES].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const folder = fileURLToPath(new URL(`../node_modules/.cache/apf-python-${name}`, import.meta.url));
  const python = join(folder, 'bin/python');
  const done = join(folder, 'complete');
  if (existsSync(done)) return python;
  rmSync(folder, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // Its words are no part of the figures on standard output.
  execFileSync(python, [...pip, ...PACKAGES], { stdio: ['ignore', 2, 2] });
  writeFileSync(done, '');
  return python;
}
