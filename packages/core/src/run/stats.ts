import type { Logger, RunStats } from '../contracts.js';

export function newStats(): RunStats {
  return {
    read: 0,
    bytes: 0,
    decoded: 0,
    executed: 0,
    produced: 0,
    written: 0,
    repeated: 0,
    deadLetters: 0,
    tombstones: 0,
    retries: 0,
    batches: 0,
    committed: 0,
    expired: 0,
  };
}

const nothing = (): void => undefined;

/** Says nothing. */
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
