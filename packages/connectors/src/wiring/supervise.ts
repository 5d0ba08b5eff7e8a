import { toError } from '@apf/core';
import closeWithGrace from 'close-with-grace';

/** Signals that end a run; on the others (a crash, a debugger) Node does what it always does. */
const LEFT_ALONE = [
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'beforeExit',
] as const;

export interface SuperviseOptions {
  /** Seconds after which a run that was told to stop is ended by force. */
  readonly patience: number;
  /** Says one line before the process ends: an error that nobody caught, or a run that does not stop. */
  readonly say: (line: string, error?: Error) => void;
}

/**
 * Runs something until it ends or a signal tells it to. After a signal the process ends as soon as the run has, with
 * its exit code, or with 1 if it does not end in time or a second signal comes. An error that nobody caught ends the
 * process with 1 at once: what was under way may be half done, so nothing more may be committed.
 * @param run gives the exit code and never rejects.
 */
export async function supervise(
  run: (signal: AbortSignal) => Promise<number>,
  options: SuperviseOptions,
): Promise<number> {
  const { patience, say } = options;
  const stop = new AbortController();
  const grace = closeWithGrace(
    {
      delay: patience * 1_000,
      logger: false,
      skip: [...LEFT_ALONE],
      onTimeout: () => say(`the run did not stop within ${patience} s`),
      onSecondSignal: (signal) =>
        say(`second ${signal}: ended at once, what was not committed will be read again`),
      onSecondError: (error) => say('an error that nobody caught', toError(error)),
    },
    async ({ err }) => {
      if (err) {
        say(`an error that nobody caught: ${toError(err).message}`, toError(err));
        return;
      }
      stop.abort();
      const code = await running;
      if (code !== 0) process.exit(code);
    },
  );
  const running = run(stop.signal);
  const code = await running;
  if (!stop.signal.aborted) grace.uninstall();
  return code;
}
