import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultsTable } from '@apf/connectors';
import { loadSettings, type Settings } from '@apf/core';
import { defaultAlertFields } from '../src/new-step/alert-fields';
import { framework } from '../src/new-step/framework';
import { generateStep } from '../src/new-step/generate';
import { stepTemplates } from '../src/new-step/origin';
import { sqliteBinaries, SQLITE_VERSION } from '../src/new-step/prebuilt-sqlite';
import { render } from '../src/new-step/render';
import { stepNames } from '../src/new-step/step-names';
import { DATABASES, PRODUCERS, SOURCES, type StepOptions } from '../src/new-step/step-options';
import { templateData } from '../src/new-step/template-data';
import { apf, start } from './apf';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Names that TypeScript must quote, nested records, nullables, an enum, a map. */
const SCHEMA = {
  type: 'record',
  name: 'nova',
  fields: [
    { name: 'diaObjectId', type: 'long', doc: 'a 64-bit id */ of the object' },
    { name: 'alert-id', type: 'string' },
    { name: 'W1-W2', type: ['null', 'double'], default: null },
    { name: 'kind', type: { type: 'enum', name: 'kind', symbols: ['SN', 'AGN'] } },
    { name: 'scores', type: { type: 'map', values: 'float' } },
    {
      name: 'cutout',
      type: ['null', { type: 'record', name: 'cutout', fields: [{ name: 'stamp', type: 'bytes' }] }],
    },
  ],
};

describe('apf new-step', () => {
  let folder: string;
  const plain = { batch: false, source: 'kafka', producer: 'none' } as const;
  const make = (options: Partial<StepOptions> & { name: string }): Promise<string> =>
    generateStep({ ...plain, dir: join(folder, options.name), ...options });
  const text = (...path: string[]): Promise<string> => readFile(join(folder, ...path), 'utf8');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-new-step-'));
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
    await writeFile(join(folder, 'nova.avsc'), JSON.stringify(SCHEMA));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes the whole project, and nothing else', async () => {
    await make({ name: 'sn_process' });
    const entries = await readdir(join(folder, 'sn_process'), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const names = files.map((file) => file.slice(join(folder, 'sn_process').length + 1));
    expect(names.filter((name) => !name.startsWith('vendor/')).sort()).toEqual([
      '.dockerignore',
      '.env.example',
      '.gitignore',
      'Dockerfile',
      'README.md',
      'alert.ts',
      'package.json',
      'scripts/run_step.ts',
      'settings.ts',
      'step.ts',
      'test/step.test.ts',
      'tsconfig.json',
    ]);
    expect(names.filter((name) => name.startsWith('vendor/')).sort()).toEqual([
      'vendor/apf-0.1.0.tgz',
      'vendor/apf-alerts-0.1.0.tgz',
      'vendor/apf-connectors-0.1.0.tgz',
      'vendor/apf-core-0.1.0.tgz',
      'vendor/apf-dashboard-0.1.0.tgz',
      'vendor/node-rdkafka-3.6.1.tgz',
    ]);
    for (const file of files.filter((name) => !name.endsWith('.tgz'))) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/\{\{|\}\}|&[a-z#0-9]+;|undefined|\[object/);
    }
    expect(await text('sn_process', '.gitignore')).toMatch(/^\.env$/m);
    expect(await text('sn_process', '.dockerignore')).toMatch(/^\*\*\/\.env\*$/m);
  });

  it('pins the tools of a project to the versions that the framework itself is tried with', async () => {
    const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const project = JSON.parse(await text('sn_process', 'package.json')) as Manifest;
    const { apf: _framework, ...tools } = project.devDependencies;
    for (const [name, version] of Object.entries(tools))
      expect([name, version]).toEqual([name, ours.devDependencies[name]]);
    expect(Object.keys(tools)).toContain('typescript');
  });

  it('carries a node-rdkafka that is compiled, without sources, symbols or an install script', () => {
    const pack = join(folder, 'sn_process', 'vendor', 'node-rdkafka-3.6.1.tgz');
    const names = execFileSync('tar', ['-tzf', pack], { encoding: 'utf8' }).split('\n');
    expect(names).toContain('package/build/Release/node-librdkafka.node');
    expect(names.filter((name) => /\.(cc|h|c|a|gyp)$/.test(name))).toEqual([]);
    const manifest = execFileSync('tar', ['-xzOf', pack, 'package/package.json'], { encoding: 'utf8' });
    expect(JSON.parse(manifest)).toMatchObject({ name: 'node-rdkafka', version: '3.6.1' });
    expect(JSON.parse(manifest)).not.toHaveProperty('scripts');
  });

  it('carries a better-sqlite3 of the same kind where it is asked for one, and its file is on a volume', async () => {
    await make({ name: 'keeps', db: 'sqlite' });
    const pack = join(folder, 'keeps', 'vendor', 'better-sqlite3-12.11.1.tgz');
    const names = execFileSync('tar', ['-tzf', pack], { encoding: 'utf8' }).split('\n');
    expect(names).toContain('package/build/Release/better_sqlite3.node');
    expect(names.filter((name) => /\.(cc|cpp|h|c|a|gyp)$/.test(name))).toEqual([]);
    const manifest = execFileSync('tar', ['-xzOf', pack, 'package/package.json'], { encoding: 'utf8' });
    expect(JSON.parse(manifest)).not.toHaveProperty('scripts');
    expect(await text('keeps', 'Dockerfile')).toMatch(/^VOLUME .* \/app\/data$/m);
    const ours = JSON.parse(readFileSync(join(root, 'packages/connectors/package.json'), 'utf8')) as Manifest;
    expect(ours.peerDependencies).toEqual({ 'better-sqlite3': SQLITE_VERSION });
    // Compiled for something else, it is not handed on.
    const foreign = join(folder, 'foreign');
    await mkdir(join(foreign, 'build/Release'), { recursive: true });
    await writeFile(join(foreign, 'build/Release/better_sqlite3.node'), 'for another machine');
    await writeFile(join(foreign, 'package.json'), JSON.stringify({ version: SQLITE_VERSION }));
    expect(sqliteBinaries(foreign)).toEqual([]);
  });

  it('packs once, also for two projects that are made at the same time', async () => {
    const cache = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = join(folder, 'second-cache');
    await Promise.all([make({ name: 'one' }), make({ name: 'two' })]);
    process.env['XDG_CACHE_HOME'] = cache;
    const packs = await readdir(join(folder, 'second-cache', 'apf', 'packs'));
    expect(packs).toHaveLength(1);
    for (const name of readdirSync(join(folder, 'one', 'vendor'))) {
      const pack = readFileSync(join(folder, 'second-cache', 'apf', 'packs', packs[0]!, name));
      expect(pack.equals(readFileSync(join(folder, 'one', 'vendor', name)))).toBe(true);
      expect(pack.equals(readFileSync(join(folder, 'two', 'vendor', name)))).toBe(true);
    }
    const before = statSync(join(folder, 'second-cache', 'apf', 'packs', packs[0]!)).mtimeMs;
    await make({ name: 'three' });
    expect(statSync(join(folder, 'second-cache', 'apf', 'packs', packs[0]!)).mtimeMs).toBe(before);
  });

  it('leaves a folder alone that holds anything, a file, and a link to nowhere', async () => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken', 'notes'), 'mine');
    await expect(make({ name: 'taken' })).rejects.toThrow(
      /taken exists and is not empty; nothing was written/,
    );
    expect(await readdir(join(folder, 'taken'))).toEqual(['notes']);
    await writeFile(join(folder, 'file'), 'mine');
    await expect(make({ name: 'file' })).rejects.toThrow(/file is not a folder/);
    expect(await text('file')).toBe('mine');
    await symlink('/nowhere/at/all', join(folder, 'link'));
    await expect(make({ name: 'link' })).rejects.toThrow(/link/);
    expect(existsSync('/nowhere')).toBe(false);
  });

  it('fills an empty folder, and empties it again when it cannot finish', async () => {
    await mkdir(join(folder, 'empty'));
    await make({ name: 'x', dir: join(folder, 'empty') });
    expect(existsSync(join(folder, 'empty', 'step.ts'))).toBe(true);

    const cache = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = join(folder, 'nova.avsc');
    await expect(make({ name: 'broken' })).rejects.toThrow(/nova\.avsc/);
    process.env['XDG_CACHE_HOME'] = cache;
    expect(await readdir(join(folder, 'broken'))).toEqual([]);
  });

  it.each([
    [{ source: 'csv', topicStrategy: 'daily' }, /--topic-strategy .* needs --source kafka, not csv/],
    [{ schema: '/nowhere.avsc' }, /\/nowhere\.avsc/],
  ] as const)('refuses %j before it makes a folder', async (options, message) => {
    await expect(make({ name: 'refused', ...options })).rejects.toThrow(message);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  it('works in any folder, by its command line, and then says what to do next', async () => {
    const place = join(folder, 'a b (c) {d}');
    await mkdir(place);
    const { code, stdout, stderr } = await apf(['new-step', 'sn-process', '--source', 'json'], place);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/cd sn-process\n.*npm install && npm test\n.*npm start\n/);
    expect(await text('a b (c) {d}', 'sn-process', 'step.ts')).toContain('class SnProcess extends Step');
  });

  it('ends quietly when nobody reads what it says', async () => {
    const script = `${process.execPath} ${join(root, 'packages/cli/bin/apf.js')} new-step unread | true; echo "\${PIPESTATUS[0]}"`;
    expect(await start('bash', ['-c', script], folder).ended).toMatchObject({ stdout: '0\n', stderr: '' });
  });

  it('makes projects that pass the type check and whose settings are valid, with any options', async () => {
    const schemas = [undefined, join(folder, 'nova.avsc')];
    const combinations = SOURCES.flatMap((source, i) =>
      PRODUCERS.flatMap((producer, j) =>
        [false, true].map((batch, k) => ({
          ...{ source, producer, batch },
          schema: schemas[(i + j + k) % 2],
          db: [undefined, ...DATABASES][(i + 2 * j + k) % 3],
        })),
      ),
    );
    const all = join(folder, 'all');
    for (const [i, options] of combinations.entries()) {
      await make({ name: `step_${i}`, dir: join(all, `step_${i}`), ...options });
      await rm(join(all, `step_${i}`, 'vendor'), { recursive: true });
    }
    await make({ name: 'daily', dir: join(all, 'daily'), topicStrategy: 'daily', producer: 'kafka' });
    await rm(join(all, 'daily', 'vendor'), { recursive: true });
    await writeFile(join(all, 'tsconfig.json'), JSON.stringify(typeCheck(all)));
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', all], {
      encoding: 'utf8',
    });

    for (const project of (await readdir(all)).filter((name) => !/^(dist|tsconfig)/.test(name))) {
      const module = join(all, 'dist', project, 'settings.js');
      const { default: settings } = (await import(module)) as { default: Settings };
      expect(() => loadSettings(settings, {})).not.toThrow();
      const { PRODUCER_CONFIG, DB_CONFIG } = settings;
      for (const schema of [PRODUCER_CONFIG?.SCHEMA_PATH, DB_CONFIG?.SCHEMA_PATH])
        if (schema) expect(JSON.parse(await text('all', project, schema))).toHaveProperty('fields');
      if (DB_CONFIG) expect(resultsTable(DB_CONFIG, join(all, project))?.key.length).toBeGreaterThan(0);
    }
  }, 120_000);

  it('depends on the same version from the registry once it is published, and carries no packs then', async () => {
    const options = { ...plain, name: 'published', producer: 'avro' } as const;
    const published = await framework({ kind: 'published' });
    const data = templateData(options, stepNames('published'), defaultAlertFields(), published);
    await render(stepTemplates(), join(folder, 'published'), data, []);
    const manifest = JSON.parse(await text('published', 'package.json')) as Record<string, object>;
    expect(manifest).toMatchObject({
      dependencies: { '@apf/connectors': '^0.1.0', '@apf/core': '^0.1.0' },
      devDependencies: { apf: '^0.1.0' },
    });
    expect(manifest).not.toHaveProperty('overrides');
    expect(await text('published', 'Dockerfile')).not.toMatch(/vendor/);
  });

  it('types an alert to the last field of its schema', async () => {
    await make({ name: 'typed', schema: join(folder, 'nova.avsc'), producer: 'json' });
    const types = await text('typed', 'alert.ts');
    expect(types).toContain('export interface Alert {');
    expect(types).toContain("'W1-W2': number | null;");
    expect(await text('typed', 'step.ts')).toContain(`"alert-id": message["alert-id"]`);
  });
});

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The projects' own options, with the framework as it stands in the workspace and not as packed. */
function typeCheck(folder: string): object {
  const { compilerOptions } = JSON.parse(
    readFileSync(join(root, 'templates/step/tsconfig.json'), 'utf8'),
  ) as {
    compilerOptions: object;
  };
  return {
    compilerOptions: {
      ...compilerOptions,
      rootDir: folder,
      outDir: join(folder, 'dist'),
      incremental: false,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        '@apf/core': [join(root, 'packages/core/dist/index.d.ts')],
        '@apf/core/testing': [join(root, 'packages/core/dist/testing/index.d.ts')],
        '@apf/connectors': [join(root, 'packages/connectors/dist/index.d.ts')],
      },
    },
    include: ['*/**/*.ts'],
    exclude: ['dist'],
  };
}
