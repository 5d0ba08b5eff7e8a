import { setTimeout as pause } from 'node:timers/promises';

/** Asks until it holds; rejects with what it was last where that takes longer than 20 s. */
export async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > end)
      throw new Error(`it never held; at last: ${JSON.stringify(answer).slice(0, 500)}`);
    await pause(50);
  }
}
