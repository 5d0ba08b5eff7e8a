import type { Clock } from '../clock.js';
import type { Codec, DeadLetter, Logger, RunStats, Sink, Source } from '../contracts.js';
import type { Database } from '../database.js';
import type { BatchStep, Step } from '../step.js';
import type { RunObserver } from './observer.js';

export interface RunnerOptions<In, Out> {
  readonly step: Step<In, Out> | BatchStep<In, Out>;
  readonly source: Source;
  readonly codec: Codec<In>;
  /** Where results go; without one they are dropped. */
  readonly producer?: Sink | undefined;
  /** What `context.produce(name, …)` may name. */
  readonly sideOutputs?: Readonly<Record<string, Sink>>;
  /** Takes results as rows, and those of `context.db`. */
  readonly database?: Database | undefined;
  readonly deadLetters: Sink<DeadLetter>;
  /** The step's name, for logs, headers and dead letters. */
  readonly name: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly stats?: RunStats;
  /** `consume.messages`: a batch, and at most so many alerts before their commit. @default 1 */
  readonly messages?: number;
  /** `consume.timeout` in seconds, counted from the first message of a batch; a `Step` without hooks never waits. @default 60 */
  readonly timeout?: number;
  /** `COMMIT`. @default true */
  readonly commit?: boolean;
  /** `ON_ERROR`. @default 'dead-letter' */
  readonly onError?: 'dead-letter' | 'stop';
  /** `CONCURRENCY` of a `Step`. @default 1 */
  readonly concurrency?: number;
  /** `TOMBSTONES`: hand a null value to `execute` instead of skipping it. @default false */
  readonly tombstones?: boolean;
  /** `SHUTDOWN_TIMEOUT` in seconds. @default 25 */
  readonly shutdownTimeout?: number;
  /** The field of a result that is its Kafka key, where the step has no `key` method. */
  readonly keyField?: string | undefined;
  readonly observer?: RunObserver | undefined;
}

export interface RunSummary {
  /** Why the run ended: the source had no more, it was told to stop, or it was told to and the drain took too long. */
  readonly reason: 'end' | 'stopped' | 'shutdown-timeout';
  readonly stats: RunStats;
}
