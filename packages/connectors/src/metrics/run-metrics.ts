import type {
  Clock,
  DeadLetter,
  ExecutedBatch,
  Phase,
  RawMessage,
  RunObserver,
  RunStats,
  SourceProgress,
} from '@apf/core';
import { Buckets } from './buckets.js';
import type { Family, Sample } from './families.js';
import type { Health } from './health.js';
import { processFamilies } from './process-families.js';
import type { StatusReport } from './status-report.js';

export interface RunMetricsOptions {
  /** The label of everything. */
  readonly step: string;
  readonly stats: RunStats;
  readonly clock: Clock;
  /** What the source says of itself; sources that know nothing have none. */
  readonly progress: (() => SourceProgress) | undefined;
}

/** The counters of a run, by what `RunStats` calls them; dead letters are told by their code. */
const COUNTERS: Readonly<
  Record<Exclude<keyof RunStats, 'deadLetters'>, readonly [name: string, help: string]>
> = {
  read: ['apf_consumed_total', 'Messages consumed'],
  bytes: ['apf_consumed_bytes_total', 'Bytes of the messages that were decoded'],
  decoded: ['apf_decoded_total', 'Alerts decoded'],
  executed: ['apf_executed_total', 'Alerts whose execute succeeded'],
  produced: ['apf_produced_total', 'Outputs confirmed by where they went, side outputs included'],
  written: ['apf_written_total', 'Rows that the database has taken'],
  repeated: ['apf_repeated_total', 'Alerts dropped because they were seen before'],
  tombstones: ['apf_tombstones_total', 'Null messages skipped'],
  retries: ['apf_retries_total', 'Attempts repeated because of an error'],
  batches: ['apf_batches_total', 'Batches committed'],
  committed: ['apf_committed_total', 'Messages committed'],
  expired: ['apf_expired_total', 'Alerts that the broker deleted before they were read'],
};

const PHASES: readonly Phase[] = ['decode', 'execute', 'write', 'database', 'commit'];
const SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** A stream that is behind is hours behind. */
const AGES = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** Rubin's alert producer says in this header when it sent an alert: milliseconds since 1970 as text. */
const PRODUCER_TIME = 'producer_timestamp';

/**
 * What Prometheus is told of a run. Counting costs nothing: the run's own numbers are read when somebody asks, and
 * what is measured is measured once a batch. Labels are step, topic, partition, code and phase, never an object's id.
 */
export class RunMetrics implements RunObserver {
  readonly #phases = new Map<string, Buckets>(PHASES.map((phase) => [phase, new Buckets(SECONDS)]));
  readonly #sizes = new Buckets(SIZES);
  readonly #sinceBroker = new Buckets(AGES);
  readonly #sinceProducer = new Buckets(AGES);
  readonly #deadLetters = new Map<string, number>();
  #state: 'opening' | 'open' | 'stopping' = 'opening';

  constructor(private readonly options: RunMetricsOptions) {}

  opened(): void {
    if (this.#state === 'opening') this.#state = 'open';
  }

  stopping(): void {
    this.#state = 'stopping';
  }

  took(phase: Phase, seconds: number): void {
    this.#phases.get(phase)?.observe(seconds);
  }

  executed({ messages, decode, execute }: ExecutedBatch): void {
    this.took('decode', decode);
    this.took('execute', execute);
    this.#sizes.observe(messages.length);
    // The first of a batch has waited longest.
    const [first] = messages;
    if (!first) return;
    const now = this.options.clock.now();
    const { timestamp } = first;
    if (timestamp !== undefined && timestamp > 0) this.#sinceBroker.observe(secondsBetween(timestamp, now));
    const sent = producedAt(first);
    if (sent !== undefined) this.#sinceProducer.observe(secondsBetween(sent, now));
  }

  buried(letters: readonly DeadLetter[]): void {
    for (const { code } of letters) this.#deadLetters.set(code, (this.#deadLetters.get(code) ?? 0) + 1);
  }

  /** Ready while sinks and source are open, the source knows its partitions, and nobody has told the run to stop. */
  health(): Health {
    if (this.#state === 'stopping') return { ready: false, reason: 'it is stopping' };
    if (this.#state === 'opening')
      return { ready: false, reason: 'it is opening its source and its outputs' };
    const progress = this.options.progress?.();
    return progress?.assigned === false
      ? { ready: false, reason: 'it waits for the broker to assign partitions' }
      : { ready: true };
  }

  report(): StatusReport {
    return { health: this.health(), families: this.families() };
  }

  families(): Family[] {
    const { step, stats } = this.options;
    const progress = this.options.progress?.();
    const one = (value: number): Sample[] => [{ labels: { step }, value }];
    const counters = Object.entries(COUNTERS).map(([key, [name, help]]) =>
      family('counter', name, help, one(stats[key as keyof typeof COUNTERS])),
    );
    const codes = [...this.#deadLetters].map(([code, value]) => ({ labels: { step, code }, value }));
    const lags = (progress?.partitions ?? []).flatMap(({ topic, partition, lag }) =>
      lag === undefined ? [] : [{ labels: { step, topic, partition }, value: lag }],
    );
    return [
      ...counters,
      family('counter', 'apf_dead_letters_total', 'Messages set aside, by the reason', codes),
      this.#histogram('apf_phase_seconds', 'Time that a batch spends in each phase', this.#phases),
      this.#histogram('apf_batch_messages', 'Messages in a batch', this.#sizes),
      this.#histogram(
        'apf_latency_seconds',
        "From the broker's, or the producer's, time of a batch's first alert until the batch is executed",
        new Map([
          ['broker', this.#sinceBroker],
          ['producer', this.#sinceProducer],
        ]),
      ),
      family('gauge', 'apf_lag', 'Messages of a partition that are not yet read and committed', lags),
      family('gauge', 'apf_partitions', 'Partitions that are read', one(progress?.partitions.length ?? 0)),
      family(
        'counter',
        'apf_broker_failures_total',
        'Connections to the broker that failed',
        one(progress?.failures ?? 0),
      ),
      {
        ...family('gauge', 'apf_ready', '1 while alerts can be processed', one(this.health().ready ? 1 : 0)),
        aggregator: 'min',
      },
      ...processFamilies(step),
    ];
  }

  #histogram(name: string, help: string, buckets: Buckets | ReadonlyMap<string, Buckets>): Family {
    const { step } = this.options;
    const values =
      buckets instanceof Buckets
        ? buckets.samples(name, { step })
        : [...buckets].flatMap(([phase, of]) => of.samples(name, { step, phase }));
    return family('histogram', name, help, values);
  }
}

const family = (type: Family['type'], name: string, help: string, values: readonly Sample[]): Family => ({
  name,
  help,
  type,
  values,
  aggregator: 'sum',
});

/** Clocks of two machines may disagree by a little: no alert is from the future. */
const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000;

function producedAt({ headers }: RawMessage): number | undefined {
  const value = headers?.find((header) => header[PRODUCER_TIME] !== undefined)?.[PRODUCER_TIME];
  const time = value === undefined ? NaN : Number(value.toString());
  return time > 0 && Number.isFinite(time) ? time : undefined;
}
