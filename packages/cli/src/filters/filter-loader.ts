import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

export type Import = (path: string) => Promise<Readonly<Record<string, unknown>>>;

/** Imports TypeScript files as seen from a file. Wherever they lie, they may import what this command itself runs on. */
export function filterImport(from: string): Import {
  const jiti = createJiti(from, { alias: aliases(), interopDefault: false });
  return (path) => jiti.import(path);
}

function aliases(): Record<string, string> {
  const own = createJiti(import.meta.url);
  return Object.fromEntries(
    ['@apf/alerts', '@apf/core'].map((name) => [name, fileURLToPath(own.esmResolve(name))]),
  );
}
