import { type Clock, toError } from '@apf/core';

/** How long it waits after a failure, in ms. */
const PAUSE = 3_000;

/** Reads, and after a failure reads again: a page outlives a broker or a database that is away for a while. */
export async function readAgain(
  read: () => Promise<void>,
  onError: (error: Error) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await read();
    } catch (error) {
      onError(toError(error));
    }
    await clock.sleep(PAUSE, signal);
  }
}
