import {
  type Clock,
  currentTopic,
  type Logger,
  type Outgoing,
  toError,
  toJson,
  type TopicStrategy,
} from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import { ConfirmedProducer, type ProducedMessage } from '../kafka/confirmed-producer.js';
import type { MetricsSender } from './metrics-sender.js';
import { OnceAMinute } from './once-a-minute.js';

export interface KafkaMetricsSenderOptions {
  readonly params: Params;
  readonly topic: string | TopicStrategy;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Documents that wait for a broker at most; the oldest go first. */
const MOST_WAITING = 1_000;
const AT_ONCE = 100;
/** A broker gets so long to answer, in ms: a process cannot end in the midst of an attempt. */
const PATIENCE = 3_000;
/** Between two attempts to reach one that does not, in ms. */
const PAUSE = 60_000;
/** What is left gets so long when the run ends, in ms. */
const LAST_WAIT = 2_000;
/** A document is worth less than a promise: no idempotence, and nobody waits for minutes. */
const DEFAULTS = { 'enable.idempotence': false, acks: 1, 'message.timeout.ms': 30_000 };

/** Sends metrics documents to a Kafka topic, as JSON with exact 64-bit integers. What cannot be sent is dropped. */
export class KafkaMetricsSender implements MetricsSender {
  readonly #warn: OnceAMinute;
  readonly #closing = new AbortController();
  #waiting: string[] = [];
  #dropped = 0;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(private readonly options: KafkaMetricsSenderOptions) {
    this.#warn = new OnceAMinute(options.logger, options.clock);
  }

  async open(): Promise<void> {
    this.#running = this.#run();
  }

  send(document: object): void {
    this.#waiting.push(toJson(document));
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#lost(1, 'the broker of METRICS_CONFIG does not keep up');
    }
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    const timeUp = this.options.clock.sleep(LAST_WAIT);
    await Promise.race([this.#running, timeUp]);
  }

  async #run(): Promise<void> {
    const { clock, logger, params } = this.options;
    const { signal } = this.#closing;
    for (;;) {
      const producer = new ConfirmedProducer({
        params: { ...DEFAULTS, ...params },
        where: 'METRICS_CONFIG.PARAMS',
        openTimeout: PATIENCE,
        logger,
        clock,
      });
      try {
        await producer.open();
        await this.#pump(producer);
        return;
      } catch (thrown) {
        this.#warn.say(`metrics cannot be sent: ${toError(thrown).message}`);
      } finally {
        await producer.close();
      }
      if (signal.aborted) return;
      await clock.sleep(PAUSE, signal);
    }
  }

  /** Sends what is waiting until the run ends. Rejects where the producer is of no more use. */
  async #pump(producer: ConfirmedProducer): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      const batch = this.#waiting.splice(0, AT_ONCE);
      if (batch.length === 0) {
        if (signal.aborted) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      try {
        for (const text of batch) {
          const message = this.#message(text);
          while (!producer.send(message, outgoing(text))) await producer.room();
        }
        // Never cut short by the end of the run: `close` waits no longer than it wants to.
        const [refused] = await producer.flush(new AbortController().signal, ({ value }) =>
          this.#message(value as string),
        );
        if (refused) throw refused.error;
      } catch (thrown) {
        this.#lost(batch.length, toError(thrown).message);
        throw thrown;
      }
    }
  }

  #message(text: string): ProducedMessage {
    const { topic, clock } = this.options;
    const name = typeof topic === 'string' ? topic : currentTopic(topic, new Date(clock.now()));
    return { topic: name, value: Buffer.from(text), key: null, timestamp: undefined, headers: [] };
  }

  #lost(count: number, why: string): void {
    this.#dropped += count;
    this.#warn.say(`metrics documents are lost, ${this.#dropped} so far: ${why}`, { dropped: this.#dropped });
  }
}

const outgoing = (value: string): Outgoing => ({
  value,
  origin: { topic: 'metrics', partition: 0, offset: 0, value: null },
});
