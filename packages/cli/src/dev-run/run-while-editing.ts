import { fork, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchSources } from './watch-sources.js';

/** An editor may write a file in several steps. */
const QUIET_MS = 150;

/**
 * Runs the step of `folder`, again after each change of its sources; the running one is stopped first, as by SIGTERM,
 * so that it commits what it has done. Resolves to the last exit code once SIGINT or SIGTERM comes; with `once`, when
 * the step ends by itself.
 */
export async function runWhileEditing(folder: string, { once }: { once: boolean }): Promise<number> {
  let child: ChildProcess | undefined;
  let code = 0;
  let leaving = false;
  /** Wakes the loop: the step has ended, or a change is to be run. */
  let wake = (): void => undefined;
  let pending = false;
  let timer: NodeJS.Timeout | undefined;

  const stopWatching = once
    ? (): void => undefined
    : await watchSources(folder, (path) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          console.error(`apf: ${relative(folder, path)} changed`);
          // Once only: a second signal would cut the commit short.
          if (child && !pending) child.kill('SIGTERM');
          pending = true;
          wake();
        }, QUIET_MS);
      });
  // A second signal goes through too: it makes the step leave at once.
  const leave = (signal: NodeJS.Signals): void => {
    leaving = true;
    child?.kill(signal);
    wake();
  };
  process.on('SIGINT', leave).on('SIGTERM', leave);
  try {
    while (!leaving) {
      pending = false;
      child = start(folder);
      code = await ended(child);
      child = undefined;
      if (once) break;
      if (leaving || pending) continue;
      console.error(`apf: the step has ended with exit code ${code}; waiting for a change (Ctrl-C leaves)`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    clearTimeout(timer);
    stopWatching();
    process.off('SIGINT', leave).off('SIGTERM', leave);
  }
  return code;
}

/** In a process group of its own: else Ctrl-C would reach it twice, and twice means at once. */
function start(folder: string): ChildProcess {
  return fork(fileURLToPath(new URL('./child.js', import.meta.url)), [], { cwd: folder, detached: true });
}

/** As a shell reports it: 128 and the number of the signal. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
