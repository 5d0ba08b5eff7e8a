/** The longest that one timer waits, in ms; Node fires one that is longer at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Runs something that ends on a signal: on the one that is given, or once the time is up.
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])` is not for it: nothing holds its timeout, and Node may collect it
 * before it fires.
 * @param seconds above 0, however many; without a limit where it is undefined
 */
export async function within<T>(
  seconds: number | undefined,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return run(signal);
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const end = performance.now() + seconds * 1_000;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = end - performance.now();
    if (left <= 0) stop.abort();
    else timer = setTimeout(wait, Math.min(Math.ceil(left), LONGEST));
  };
  wait();
  try {
    return await run(stop.signal);
  } finally {
    clearTimeout(timer!);
    signal.removeEventListener('abort', abort);
  }
}
