import {
  type Clock,
  FatalError,
  type Logger,
  type Outgoing,
  type RawMessage,
  type Refused,
  type Sink,
  type TopicStrategy,
  currentTopic,
  toError,
} from '@apf/core';
import type { Params } from './client-params.js';
import { ConfirmedProducer, type ProducedHeaders, type ProducedMessage } from './confirmed-producer.js';
import { KafkaTransaction, type OffsetSender } from './kafka-transaction.js';
import { producedHeaders } from './message-headers.js';

export interface KafkaSinkOptions<T = unknown> {
  /** librdkafka's properties by their dotted names. */
  readonly params: Params;
  /**
   * Each output goes to every topic of a list, to the one that the strategy gives at the time, or to those that a function
   * finds for it.
   */
  readonly topics: readonly string[] | TopicStrategy | ((value: T) => readonly string[]);
  readonly encode: (value: T) => Buffer;
  /** The key of an output that has none by itself. */
  readonly keyOf?: (value: T) => Buffer | string | null | undefined;
  /** Who writes: goes with each message in the headers `apf-step`, `apf-version` and `apf-source`. Without it there are none. */
  readonly step?: string | undefined;
  readonly version?: string | undefined;
  readonly openTimeout?: number;
  /** Whose offsets are kept in the producer's transactions, where PARAMS give it a `transactional.id`. */
  readonly source?: OffsetSender | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Writes outputs to Kafka topics; `flush` resolves when the broker has all of them. */
export class KafkaSink<T = unknown> implements Sink<T> {
  readonly #producer: ConfirmedProducer;

  readonly transaction: KafkaTransaction | undefined;

  constructor(private readonly options: KafkaSinkOptions<T>) {
    this.#producer = new ConfirmedProducer(options);
    this.transaction =
      options.params['transactional.id'] === undefined
        ? undefined
        : new KafkaTransaction(this.#producer, options.source);
  }

  open(): Promise<void> {
    return this.#producer.open();
  }

  /** Messages that the broker has confirmed since the sink was opened. */
  get delivered(): number {
    return this.#producer.delivered;
  }

  async write(batch: readonly Outgoing<T>[]): Promise<void> {
    const topicsOf = this.#topicsNow();
    for (const outgoing of batch) {
      const value = this.#encode(outgoing);
      if (!value) continue;
      const message = this.#message(outgoing, value);
      for (const topic of topicsOf(outgoing.value)) {
        while (!this.#producer.send({ ...message, topic }, outgoing)) await this.#producer.room();
      }
    }
  }

  flush(signal: AbortSignal): Promise<readonly Refused[]> {
    return this.#producer.flush(signal, (outgoing, topic) => {
      const again = outgoing as Outgoing<T>;
      return { ...this.#message(again, this.options.encode(again.value)), topic };
    });
  }

  close(): Promise<void> {
    return this.#producer.close();
  }

  #topicsNow(): (value: T) => readonly string[] {
    const { topics, clock } = this.options;
    if (typeof topics === 'function') return topics;
    const now = 'topics' in topics ? [currentTopic(topics, new Date(clock.now()))] : topics;
    return () => now;
  }

  #encode(outgoing: Outgoing<T>): Buffer | undefined {
    try {
      return this.options.encode(outgoing.value);
    } catch (thrown) {
      if (thrown instanceof FatalError) throw thrown;
      this.#producer.refuse(outgoing, toError(thrown));
      return undefined;
    }
  }

  #message(outgoing: Outgoing<T>, value: Buffer): Omit<ProducedMessage, 'topic'> {
    const key = outgoing.key === undefined ? (this.options.keyOf?.(outgoing.value) ?? null) : outgoing.key;
    return { value, key, timestamp: outgoing.timestamp, headers: this.#headers(outgoing) };
  }

  #headers({ headers, origin }: Outgoing<T>): ProducedHeaders {
    const { step, version = '' } = this.options;
    const own: ProducedHeaders =
      step === undefined
        ? []
        : [{ 'apf-step': step }, { 'apf-version': version }, { 'apf-source': sourceOf(origin) }];
    return headers ? [...producedHeaders([headers]), ...own] : own;
  }
}

/** Where a message came from, as the header `apf-source` says it: `topic-partition-offset`. */
export function sourceOf({ topic, partition, offset }: RawMessage): string {
  return `${topic}-${partition}-${offset}`;
}
