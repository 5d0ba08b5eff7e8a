import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that `@apf/connectors` is pinned to. */
export const RDKAFKA_VERSION = '3.6.1';

/** All that node-rdkafka needs to run; the rest of its 540 MB is there to compile it. */
const SCRIPTS = ['lib', 'librdkafka.js', 'index.d.ts', 'config.d.ts', 'errors.d.ts', 'LICENSE.txt'];
const BINARIES = [
  'build/Release/node-librdkafka.node',
  'build/deps/librdkafka.so.1',
  'build/deps/librdkafka++.so.1',
  'build/deps/librdkafka.1.dylib',
  'build/deps/librdkafka++.1.dylib',
];

/** The compiled parts of the node-rdkafka installed in `folder`; none where it was never compiled. */
export function rdkafkaBinaries(folder: string): string[] {
  const found = BINARIES.filter((name) => existsSync(join(folder, name)));
  return found.length > 1 ? found : [];
}

/**
 * Copies a compiled node-rdkafka to `target` in a form that installs without compiling: no install script, no sources,
 * no debug symbols. It fits this platform, this processor and this major version of Node.js only; `os` and `cpu` do not
 * say so, because npm would refuse to install it where the image compiles its own.
 */
export async function stagePrebuiltRdkafka(folder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of SCRIPTS) await cp(join(folder, name), join(target, name), { recursive: true });
  await cp(join(folder, 'deps', 'librdkafka', 'LICENSES.txt'), join(target, 'LICENSES.librdkafka.txt'));
  for (const name of rdkafkaBinaries(folder)) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await copyFile(join(folder, name), join(target, name));
    // A machine without binutils keeps the symbols: larger, not worse.
    await run('strip', [process.platform === 'darwin' ? '-x' : '--strip-unneeded', join(target, name)]).catch(
      () => undefined,
    );
  }
  const original = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { description, librdkafka, main, license, engines } = original;
  const manifest = {
    name: 'node-rdkafka',
    // Its own says `v3.6.1`, which npm takes for another version at each install.
    version: RDKAFKA_VERSION,
    ...{ description, librdkafka, main, types: 'index.d.ts', license, engines },
    dependencies: { bindings: (original['dependencies'] as Record<string, string>)['bindings'] },
  };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
}
