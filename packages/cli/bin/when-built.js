import { existsSync } from 'node:fs';

/** Loads a module of dist, or says what to do in a source checkout that is not built: then it is undefined. */
export async function whenBuilt(module, program) {
  const url = new URL(`../dist/${module}`, import.meta.url);
  if (existsSync(url)) return import(url.href);
  console.error(`${program}: this source checkout is not built; run npm ci in its root`);
  process.exitCode = 1;
  return undefined;
}
