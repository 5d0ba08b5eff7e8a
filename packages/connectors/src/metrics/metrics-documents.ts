import type { Clock, ExecutedBatch, ExtraMetric, Logger, RawMessage, RunObserver } from '@apf/core';
import { toError } from '@apf/core';
import type { MetricFormat } from './metric-formats.js';
import type { MetricsSender } from './metrics-sender.js';
import { OnceAMinute } from './once-a-minute.js';

export interface Metric extends Omit<ExtraMetric, 'format'> {
  readonly format: MetricFormat | undefined;
}

export interface MetricsDocumentsOptions {
  /** `METRICS_SOURCE`, or the step's name. */
  readonly source: string;
  /** `METRICS_SURVEY` */
  readonly survey: string | undefined;
  readonly metrics: readonly Metric[];
  readonly sender: MetricsSender;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Values of one field that a document holds at most, and characters of a text. */
const MOST_VALUES = 1_000;
const MOST_CHARACTERS = 1_000;

/**
 * APF's metrics: for each batch one document with `timestamp_received`, `timestamp_sent` (ISO 8601, UTC),
 * `execution_time` (seconds of hooks and execute), `n_messages`, `source`, `survey`, and fields of its alerts, each a
 * list with one value an alert. It is sent once the batch is committed. `truncated` says that values were left out.
 */
export class MetricsDocuments implements RunObserver {
  /** The values of a message's alerts, one list a metric; kept as long as somebody holds the message. */
  readonly #values = new WeakMap<RawMessage, unknown[][]>();
  readonly #batches = new WeakMap<RawMessage, ExecutedBatch>();
  readonly #warn: OnceAMinute;

  constructor(private readonly options: MetricsDocumentsOptions) {
    this.#warn = new OnceAMinute(options.logger, options.clock);
  }

  opened(): void {
    void this.options.sender.open();
  }

  decoded(message: RawMessage, alerts: readonly unknown[]): void {
    this.#values.set(
      message,
      this.options.metrics.map((metric) => alerts.flatMap((alert) => this.#value(metric, alert))),
    );
  }

  executed(batch: ExecutedBatch): void {
    for (const message of batch.messages) this.#batches.set(message, batch);
  }

  committed(batches: readonly (readonly RawMessage[])[]): void {
    for (const messages of batches) {
      const batch = messages[0] && this.#batches.get(messages[0]);
      if (batch) this.options.sender.send(this.#document(messages, batch));
    }
  }

  closed(): Promise<void> {
    return this.options.sender.close();
  }

  #document(messages: readonly RawMessage[], { began, execute }: ExecutedBatch): object {
    const { source, survey, metrics, clock } = this.options;
    let truncated = false;
    const extras = metrics.map(({ key, alias = key }, i): [string, unknown] => {
      const all = messages.flatMap((message) => this.#values.get(message)?.[i] ?? []);
      if (all.length > MOST_VALUES) truncated = true;
      return [alias, all.slice(0, MOST_VALUES)];
    });
    return {
      timestamp_received: new Date(began).toISOString(),
      timestamp_sent: new Date(clock.now()).toISOString(),
      execution_time: execute,
      n_messages: messages.length,
      source,
      ...(survey === undefined ? {} : { survey }),
      ...Object.fromEntries(extras),
      ...(truncated ? { truncated } : {}),
    };
  }

  /** A list's items are values of their own, as in APF. */
  #value({ key, format, value: constant }: Metric, alert: unknown): unknown[] {
    if (constant !== undefined) return [constant];
    let value: unknown = fieldOf(alert, key) ?? null;
    if (format && value !== null) {
      try {
        value = format(value);
      } catch (thrown) {
        this.#warn.say(`metrics: the format of '${key}' failed: ${toError(thrown).message}`);
        value = null;
      }
    }
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map(bounded);
  }
}

/** `candidate.fid` is a field of a field, unless the alert has one of that very name. */
function fieldOf(alert: unknown, key: string): unknown {
  const record = alert as Readonly<Record<string, unknown>> | null;
  if (typeof record !== 'object' || record === null) return undefined;
  if (Object.hasOwn(record, key)) return record[key];
  const dot = key.indexOf('.');
  return dot < 0 ? undefined : fieldOf(record[key.slice(0, dot)], key.slice(dot + 1));
}

/** A cutout has no place in a metric, nor has a novel. */
function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MOST_CHARACTERS);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' && value !== null ? '[object]' : value;
}
