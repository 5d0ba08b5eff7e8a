/**
 * Repeats something until it says no more (false), or the user interrupts: then Fink's and LSST's own words go to
 * standard error, and what is open is closed.
 */
export async function untilInterrupted(
  act: () => Promise<boolean>,
  close: () => Promise<void>,
): Promise<void> {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<false>((resolve) => (interrupt = () => resolve(false)));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let stopped = false;
  const stop = (): void => {
    if (!stopped) console.error('%% Aborted by user');
    stopped = true;
    interrupt();
  };
  for (const signal of signals) process.once(signal, stop);
  let acting: Promise<boolean> = Promise.resolve(true);
  try {
    while (!stopped && (await Promise.race([(acting = act()), interrupted])));
  } finally {
    // What was under way when the signal came must not be cut off in the midst of a file.
    acting.catch(() => undefined);
    for (const signal of signals) process.off(signal, stop);
    await close();
  }
  if (stopped) process.exit(0);
}
