import type { DeadLetter, RawMessage } from '../contracts.js';

/** What a run spends its time on. `write` is write and flush of all sinks, `database` its transaction. */
export type Phase = 'decode' | 'execute' | 'write' | 'database' | 'commit';

/** A batch whose last alert has been executed. */
export interface ExecutedBatch {
  readonly messages: readonly RawMessage[];
  /** When it began to be decoded, in ms since 1970. */
  readonly began: number;
  /**
   * Seconds of decoding. A step that sees no batch decodes and executes one message after the other: there it is the
   * last message's time, as often as there are messages. (The first may bring a new schema, which is compiled.)
   */
  readonly decode: number;
  /** Seconds of hooks and `execute`, waits between attempts included. */
  readonly execute: number;
}

/**
 * Whoever measures a run. Called once a batch, a flush or a commit; what is counted by the alert stands in `RunStats`,
 * which costs nothing. No method may throw.
 */
export interface RunObserver {
  /** Sinks and source are open. */
  opened?(): void;
  /** The alerts of a message, before `execute`. The one call for each message: it costs where it is there. */
  decoded?(message: RawMessage, alerts: readonly unknown[]): void;
  executed?(batch: ExecutedBatch): void;
  /** A flush of the sinks, a transaction or a commit took so many seconds. */
  took?(phase: 'write' | 'database' | 'commit', seconds: number): void;
  /** These dead letters are kept. */
  buried?(letters: readonly DeadLetter[]): void;
  /** The messages of these batches are done and, unless `COMMIT` is false, committed. */
  committed?(batches: readonly (readonly RawMessage[])[]): void;
  /** The run was told to stop, or has failed: it ends soon. */
  stopping?(): void;
  /** Everything is closed. */
  closed?(): Promise<void>;
}

/** All of them as one; nothing is called that none of them has. */
export function together(observers: readonly RunObserver[]): RunObserver {
  const all: Partial<Record<keyof RunObserver, (...args: unknown[]) => unknown>> = {};
  for (const name of ['opened', 'decoded', 'executed', 'took', 'buried', 'committed', 'stopping'] as const) {
    const those = observers.filter((observer) => observer[name] !== undefined);
    if (those.length === 0) continue;
    all[name] = (...args) => {
      for (const observer of those) (observer[name] as (...args: unknown[]) => void)(...args);
    };
  }
  return {
    ...(all as RunObserver),
    closed: async () => {
      for (const observer of observers) await observer.closed?.();
    },
  };
}

/** Seconds since some moment in the past, for durations. */
export const seconds = (): number => performance.now() / 1_000;
