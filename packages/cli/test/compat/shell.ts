import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, type Running } from '../apf.js';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** What package.json installs, by the names under which it is typed. */
export const BINARIES = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { bin: Record<string, string> }
).bin;

/** A shell for the lines of the documents: its PATH has the package's commands, as npm installs them. */
export class Shell {
  private readonly path: string;

  /** @param folder where the commands are linked, made where it is missing */
  constructor(
    folder: string,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {
    this.path = join(folder, 'bin');
    mkdirSync(this.path, { recursive: true });
    for (const [name, file] of Object.entries(BINARIES))
      symlinkSync(join(packageFolder, file), join(this.path, name));
  }

  run(line: string, cwd: string): Running {
    const PATH = `${this.path}:${process.env.PATH}`;
    return start('bash', ['--norc', '--noprofile', '-c', `exec ${line}`], cwd, { ...this.env, PATH });
  }
}
