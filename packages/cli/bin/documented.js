import { whenBuilt } from './when-built.js';

/** Runs a command of the documents; each of them has a file here that says its name. */
export async function documented(name) {
  await (await whenBuilt('documented-main.js', name))?.runNamed(name);
}
