import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, type Dirent } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { FatalError } from '@apf/core';
import { rdkafkaBinaries, RDKAFKA_VERSION, stagePrebuiltRdkafka } from './prebuilt-rdkafka.js';
import { sqliteBinaries, SQLITE_VERSION, stagePrebuiltSqlite } from './prebuilt-sqlite.js';

const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Package {
  readonly manifest: Manifest;
  /** Absolute paths by their name inside the pack. */
  readonly files: ReadonlyMap<string, string>;
}

/** What has to be compiled, and takes minutes: it is packed as it was compiled for this checkout. */
const COMPILED = [
  {
    name: 'node-rdkafka',
    version: RDKAFKA_VERSION,
    binariesIn: rdkafkaBinaries,
    stage: stagePrebuiltRdkafka,
  },
  { name: 'better-sqlite3', version: SQLITE_VERSION, binariesIn: sqliteBinaries, stage: stagePrebuiltSqlite },
] as const;

/**
 * Packs the command, the packages that it depends on, and what is compiled of a source checkout, as npm would
 * publish them. Resolves to the folder with the `.tgz` files, in the user's cache and named by their content: a second
 * step is instant. Packing is atomic (a folder is renamed into place), so two at a time are safe.
 */
export async function packCheckout(root: string): Promise<string> {
  const packages = await Promise.all(closure(root).map((folder) => describe(root, folder)));
  const compiled = COMPILED.map((module) => {
    const folder = join(root, 'node_modules', module.name);
    return { ...module, folder, binaries: module.binariesIn(folder) };
  }).filter(({ binaries }) => binaries.length > 0);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'apf', 'packs');
  const target = join(
    cache,
    await digest(
      packages,
      compiled.flatMap(({ folder, binaries }) => binaries.map((name) => join(folder, name))),
    ),
  );
  if (existsSync(target)) return target;

  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.making-'));
  try {
    const packs = join(work, 'packs');
    await mkdir(packs);
    for (const { manifest, files } of packages) {
      const stage = join(work, manifest.name.replace('/', '-'));
      for (const [name, path] of files) await cp(path, join(stage, 'package', name));
      await pack(stage, join(packs, packName(manifest)));
    }
    for (const { name, version, folder, stage } of compiled) {
      await stage(folder, join(work, name, 'package'));
      await pack(join(work, name), join(packs, `${name}-${version}.tgz`));
    }
    await rename(packs, target).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker, with the same content.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

/** Folders of `apf` and of every workspace package that it depends on. */
function closure(root: string): string[] {
  const manifest = (folder: string): Manifest =>
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const found: string[] = [join(root, 'packages', 'cli')];
  for (const folder of found) {
    for (const name of Object.keys(manifest(folder).dependencies ?? {})) {
      const dependency = join(root, 'packages', name.replace('@apf/', ''));
      if (name.startsWith('@apf/') && !found.includes(dependency)) found.push(dependency);
    }
  }
  return found;
}

async function describe(root: string, folder: string): Promise<Package> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = new Map([['package.json', join(folder, 'package.json')]]);
  if (existsSync(join(root, 'LICENSE'))) files.set('LICENSE', join(root, 'LICENSE'));
  for (const entry of manifest.files) {
    const source = entry.startsWith('templates/') ? join(root, entry) : join(folder, entry);
    if (!existsSync(source))
      throw new FatalError(`${relative(root, source)} is missing: run npm ci in ${root}`, {
        code: 'APF_FILE',
      });
    for (const path of await filesBelow(source)) files.set(join(entry, relative(source, path)), path);
  }
  return { manifest, files };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.(map|tsbuildinfo)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Of everything that goes into the packs, and of the machine for which some of it was compiled. */
async function digest(packages: readonly Package[], binaries: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(
    `${process.platform} ${process.arch} ${process.versions.modules}\0`,
  );
  for (const { manifest, files } of packages) {
    for (const [name, path] of files) hash.update(`${manifest.name}/${name}\0`).update(await readFile(path));
  }
  for (const path of binaries) hash.update(path).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

const packName = ({ name, version }: Manifest): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

async function pack(stage: string, target: string): Promise<void> {
  await run('tar', ['-czf', target, '-C', stage, 'package']);
}
