import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/apf.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once the output (stdout and stderr as they came) matches, with all of it; rejects if it ends first. */
  saw(pattern: RegExp): Promise<string>;
}

/** What a test left running, as one that timed out does, would keep the whole run of the tests from ending. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts any command, with its output at hand; it ends with the tests of the file at the latest. */
export function start(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Running {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('close', () => running.delete(child));
  let [stdout, stderr, all] = ['', '', ''];
  const waiting = new Set<() => void>();
  const take = (text: string): void => {
    all += text;
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => take(((stdout += text), text)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => take(((stderr += text), text)));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const saw = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(all)) return;
        waiting.delete(look);
        resolve(all);
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`it ended without ${String(pattern)}:\n${all}`)), reject);
    });
  return { child, ended, saw };
}

/** Starts the built `apf`. */
export function startApf(args: readonly string[], cwd = process.cwd(), env: NodeJS.ProcessEnv = {}): Running {
  return start(process.execPath, [bin, ...args], cwd, env);
}

/** Runs the built `apf` to its end. */
export function apf(
  args: readonly string[],
  cwd = process.cwd(),
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return start(process.execPath, [bin, ...args], cwd, env).ended;
}
