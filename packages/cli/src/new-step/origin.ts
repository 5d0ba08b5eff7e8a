import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this copy of the command comes from, which decides how a new project gets the framework. */
export type Origin =
  /** The source checkout: the framework is packed from there. */
  | { readonly kind: 'checkout'; readonly root: string }
  /** A project that was made from a checkout: its packs are handed on. */
  | { readonly kind: 'vendored'; readonly vendor: string }
  /** A registry: the project depends on the same version there. */
  | { readonly kind: 'published' };

const cli = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

export const cliVersion = (JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8')) as { version: string })
  .version;

export function origin(): Origin {
  const root = join(cli, '..', '..');
  if (existsSync(join(root, 'packages', 'core', 'package.json'))) return { kind: 'checkout', root };
  const vendor = join(root, 'vendor');
  if (existsSync(join(vendor, `apf-${cliVersion}.tgz`))) return { kind: 'vendored', vendor };
  return { kind: 'published' };
}

/** The files of a generated step. */
export const stepTemplates = (): string => templates('step');

/** The files of a generated filter. */
export const filterTemplates = (): string => templates('filter');

/** Beside the package once packed, at the root of a checkout. */
function templates(name: string): string {
  const packed = join(cli, 'templates', name);
  return existsSync(packed) ? packed : join(cli, '..', '..', 'templates', name);
}
