import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';

import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');
/** Imports go one way: cli → dashboard, connectors, alerts → core. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  connectors: ['core'],
  alerts: ['core'],
  dashboard: ['core', 'connectors', 'alerts'],
  cli: ['core', 'connectors', 'alerts', 'dashboard'],
};

interface Import {
  readonly file: string;
  readonly from: string;
}

function importsOf(name: string): Import[] {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const { importedFiles } = ts.preProcessFile(text);
      return importedFiles.map(({ fileName }) => ({
        file: relative(root, join(folder, file)),
        from: fileName,
      }));
    });
}

const packages = readdirSync(join(root, 'packages'));

describe('imports', () => {
  it.each(packages)('of %s go only where the design lets them', (name) => {
    const wrong = importsOf(name).filter(({ from }) => {
      const target = /^@apf\/([^/]+)/.exec(from)?.[1] ?? (from === 'apf' ? 'cli' : undefined);
      if (from.startsWith('.')) return false;
      return target !== undefined && !ALLOWED[name]?.includes(target);
    });
    expect(wrong).toEqual([]);
  });

  it.each(packages)('of %s name only the packages that its package.json depends on', (name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
      peerDependencies?: Record<string, string>;
    };
    const packagesOf = { ...manifest.dependencies, ...manifest.peerDependencies };
    const known = new Set([...Object.keys(packagesOf), ...builtinModules]);
    const undeclared = importsOf(name).filter(({ from }) => {
      if (from.startsWith('.') || from.startsWith('node:')) return false;
      const [scope, rest] = from.split('/');
      return !known.has(scope?.startsWith('@') ? `${scope}/${rest}` : (scope as string));
    });
    expect(undeclared).toEqual([]);
  });

  it('of core reach no native module and no socket', () => {
    const outside = [
      'node-rdkafka',
      'better-sqlite3',
      'node:net',
      'node:http',
      'node:https',
      'node:tls',
      'node:dgram',
    ];
    expect(importsOf('core').filter(({ from }) => outside.includes(from))).toEqual([]);
  });
});
