import { once } from 'node:events';
import { within } from '../../src/distribute/within.js';

const aborted = async (signal: AbortSignal): Promise<string> => {
  if (!signal.aborted) await once(signal, 'abort');
  return 'ended';
};
const never = (): AbortSignal => new AbortController().signal;

describe('within a time', () => {
  it('ends once it is up', async () => {
    expect(await within(0.01, never(), aborted)).toBe('ended');
  });

  it('ends on the signal that is given, also where that came first', async () => {
    const stop = new AbortController();
    const ended = within(1_000, stop.signal, aborted);
    stop.abort();
    expect(await ended).toBe('ended');
    expect(await within(1_000, stop.signal, aborted)).toBe('ended');
  });

  it('leaves the signal as it is where there is no limit', async () => {
    const signal = never();
    expect(await within(undefined, signal, (given) => Promise.resolve(given))).toBe(signal);
  });

  it.each([3_000_000, 1e300, Infinity])('does not end at once after %d s', async (seconds) => {
    const stop = new AbortController();
    const state = await within(seconds, stop.signal, async (signal) => {
      // A timer that overflows fires after 1 ms.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return signal.aborted;
    });
    expect(state).toBe(false);
  });

  it('is rejected as what it runs is, and holds no timer then', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    await expect(within(1_000, never(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(timers()).toBe(before);
  });
});
