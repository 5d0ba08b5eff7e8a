import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, type Running } from '../apf.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const template = join(root, 'templates', 'step');

/** A block of code of the README, which a marker stands before: it is executed as it is printed. */
export async function readmeExample(file: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, code] = new RegExp(`<!-- example: ${file} -->\n+\`\`\`ts\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (code === undefined) throw new Error(`README.md has no example ${file}`);
  return code;
}

/** A step as `apf new-step` lays one out, on the packages of this checkout, compiled. */
export class ExampleProject {
  private constructor(readonly folder: string) {}

  static async make(folder: string, settings: string, step: string): Promise<ExampleProject> {
    await mkdir(join(folder, 'scripts'), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await cp(join(template, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    const script = await readFile(join(template, 'scripts', 'run_step.ts.hbs'), 'utf8');
    const files = {
      'package.json': '{ "name": "sn_process", "version": "0.1.0", "type": "module" }',
      'settings.ts': settings,
      'step.ts': step,
      'scripts/run_step.ts': script.replaceAll('{{class}}', 'SnProcess'),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, stdout } = await start(process.execPath, [tsc], folder).ended;
    if (code !== 0) throw new Error(`the example does not compile:\n${stdout}`);
    return new ExampleProject(folder);
  }

  /** Starts it as `npm start` does, with nothing of this process's own settings. */
  run(env: NodeJS.ProcessEnv): Running {
    return start(process.execPath, ['dist/scripts/run_step.js'], this.folder, env);
  }
}
