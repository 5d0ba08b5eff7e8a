import { systemClock } from '@apf/core';

const PATIENCE = 15_000;

/** Repeats until it is true; a failing attempt is one more, until there is no time left. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = systemClock.now() + PATIENCE;
  for (;;) {
    const last = systemClock.now() >= end;
    try {
      if (await holds()) return;
    } catch (error) {
      if (last) throw error;
    }
    if (last) throw new Error(`the broker does not act on it after ${PATIENCE / 1000} s`);
    await systemClock.sleep(50);
  }
}
