import type { Clock } from '@apf/core';

/** Resolves at a time (ms since 1970), at once where it is past. A timer may fire early by a part of a millisecond. */
export async function until(time: number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let left; (left = time - clock.now()) > 0 && !signal.aborted;) await clock.sleep(left, signal);
}
