import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from './temporary-folder.js';

const built = (name: string): string =>
  pathToFileURL(resolve(import.meta.dirname, `../../../${name}/dist/index.js`)).href;

const children: ChildProcess[] = [];

/** Ends what a test has left running. */
export function killSteps(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

/** A process that runs a step: `settings` and the members of its class are JavaScript. */
export class StepProcess {
  readonly folder: string;
  readonly child: ChildProcess;
  output = '';
  errors = '';
  readonly #ended: Promise<number | null>;

  constructor(
    settings: string,
    members: string,
    {
      env = {},
      files = {},
      before = [],
      imports = '',
    }: { env?: object; files?: Record<string, string>; before?: string[]; imports?: string } = {},
  ) {
    this.folder = temporaryFolder({
      'alerts.jsonl': '{"objectId":"ZTF1"}\n{"objectId":"ZTF2"}\n',
      'package.json': '{"name":"sn_process","version":"1.2.3"}',
      'run.mjs': `
        ${imports}
        import { FatalError, Step } from '${built('core')}';
        import { runStep } from '${built('connectors')}';
        class SnProcess extends Step { ${members} }
        const settings = { CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl' }, ${settings} };
        const summary = await runStep(settings, SnProcess);
        console.log('returned', summary?.reason);
      `,
      ...files,
    });
    const [command, ...args] = [...before, process.execPath, 'run.mjs'];
    this.child = spawn(command, args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    children.push(this.child);
    this.child.stdout!.on('data', (data: Buffer) => (this.output += data.toString()));
    this.child.stderr!.on('data', (data: Buffer) => (this.errors += data.toString()));
    this.#ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Resolves once the process has printed `text`. */
  async prints(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const more = once(this.child.stdout!, 'data').then(() => true);
      if (!(await Promise.race([more, this.#ended.then(() => this.output.includes(text))]))) {
        throw new Error(`the process ended without printing '${text}': ${this.output}${this.errors}`);
      }
    }
  }

  /** Resolves once it has printed more. */
  async more(): Promise<void> {
    await Promise.race([once(this.child.stdout!, 'data'), this.#ended]);
  }

  childrenOf(pid: number): number[] {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  }

  get log(): Record<string, unknown>[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
