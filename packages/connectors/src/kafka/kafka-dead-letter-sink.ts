import {
  type Clock,
  type DeadLetter,
  FatalError,
  type Logger,
  type Outgoing,
  type Refused,
  type Sink,
} from '@apf/core';
import type { Params } from './client-params.js';
import { ConfirmedProducer, type ProducedMessage } from './confirmed-producer.js';
import { sourceOf } from './kafka-sink.js';
import { producedHeaders } from './message-headers.js';

export interface KafkaDeadLetterSinkOptions {
  readonly params: Params;
  readonly topic: string;
  readonly openTimeout?: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Longer texts are cut: brokers and clients limit what headers may hold. */
const LONGEST_ERROR = 4_000;

/**
 * Writes dead letters to a Kafka topic: the original bytes, key and headers unchanged (a binary header as
 * `message-headers.ts` says), and beside them headers that say why, where from, by whom and when.
 */
export class KafkaDeadLetterSink implements Sink<DeadLetter> {
  readonly #producer: ConfirmedProducer;

  constructor(private readonly options: KafkaDeadLetterSinkOptions) {
    this.#producer = new ConfirmedProducer({ ...options, where: 'DEAD_LETTERS.PARAMS' });
  }

  open(): Promise<void> {
    return this.#producer.open();
  }

  async write(batch: readonly Outgoing<DeadLetter>[]): Promise<void> {
    for (const outgoing of batch) {
      const message = this.#message(outgoing.value);
      while (!this.#producer.send(message, outgoing)) await this.#producer.room();
    }
  }

  /** @throws FatalError where the topic refuses a letter: it would be lost. */
  async flush(signal: AbortSignal): Promise<readonly Refused[]> {
    const [refused] = await this.#producer.flush(signal, ({ value }) => this.#message(value as DeadLetter));
    if (refused) {
      const source = sourceOf(refused.outgoing.origin);
      throw new FatalError(
        `the dead letter of ${source} cannot be written to topic '${this.options.topic}': ${refused.error.message}; raise the topic's max.message.bytes`,
        { code: 'APF_DEAD_LETTER', cause: refused.error },
      );
    }
    return [];
  }

  close(): Promise<void> {
    return this.#producer.close();
  }

  #message({ message, error, code, stage, step, when }: DeadLetter): ProducedMessage {
    return {
      topic: this.options.topic,
      value: message.value,
      key: message.key ?? null,
      timestamp: undefined,
      headers: [
        ...producedHeaders(message.headers ?? []),
        { 'apf-error': error.message.slice(0, LONGEST_ERROR) },
        { 'apf-error-code': code },
        { 'apf-stage': stage },
        { 'apf-source': sourceOf(message) },
        { 'apf-step': step },
        { 'apf-time': new Date(when).toISOString() },
      ],
    };
  }
}
