import RdKafka, { type KafkaConsumer, type Producer } from 'node-rdkafka';
import {
  type Clock,
  FatalError,
  type Logger,
  type Outgoing,
  PoisonError,
  type Position,
  type Refused,
  RetryableError,
} from '@apf/core';
import { type Params, brokersOf, producerParams } from './client-params.js';
import type { ClientWatch } from './client-watch.js';
import { connect } from './connect.js';
import { kafkaCode, kafkaText } from './kafka-errors.js';

const { ERRORS } = RdKafka.CODES;

/** Headers as node-rdkafka takes them: one object each. */
export type ProducedHeaders = readonly Readonly<Record<string, string>>[];

export interface ProducedMessage {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly key: Buffer | string | null;
  /** Ms since 1970; the present where absent. */
  readonly timestamp: number | undefined;
  readonly headers: ProducedHeaders;
}

export interface ConfirmedProducerOptions {
  readonly params: Params;
  /** The setting that holds `params`, for errors. */
  readonly where?: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long `open` waits for a broker, in ms. @default 30000 */
  readonly openTimeout?: number;
}

/** How often confirmations are fetched while nobody flushes, in ms. */
const POLL_EVERY = 50;
/** One turn of waiting for the broker, in ms. */
const TURN = 200;
/** How long one step of a transaction may take, in ms. */
const TRANSACTION = 30_000;
/** How long closing waits for what was never flushed, in ms. */
const LAST_WAIT = 1_000;

/** Texts of errors that a batch has as a whole. */
const TOO_LARGE = /message size too large|larger than configured|invalid message size/i;
/** Texts of errors that only this one message has. */
const REFUSED = /failed to validate record|invalid timestamp/i;

/** What was written since the last flush. A failed flush begins another, so that late reports of it change nothing. */
interface Cycle {
  pending: number;
  refused: Map<Outgoing, Error>;
  /** Refused in one batch with others: any of them may be the one that is too large. */
  suspects: Ticket[];
  failure: Error | undefined;
  /** Of the last message, for an error that is not one message's. */
  topic: string;
}

/** The `opaque` of a message: comes back with its delivery report. */
class Ticket {
  constructor(
    readonly cycle: Cycle,
    readonly outgoing: Outgoing,
    readonly topic: string,
  ) {}
}

/** A producer that knows of each message whether the broker has it. */
export class ConfirmedProducer {
  #producer!: Producer;
  #watch!: ClientWatch;
  #open = false;
  #cycle: Cycle = newCycle();
  #delivered = 0;

  constructor(private readonly options: ConfirmedProducerOptions) {}

  async open(): Promise<void> {
    const { params, where, logger, clock, openTimeout = 30_000 } = this.options;
    const properties = producerParams(params, where);
    const { client, watch } = await connect(() => new RdKafka.Producer(properties.global, properties.topic), {
      brokers: brokersOf(params),
      logger,
      clock,
      within: openTimeout,
    });
    client.on('delivery-report', (error, { opaque }) => this.#reported(error, opaque as Ticket));
    client.setPollInterval(POLL_EVERY);
    if (params['transactional.id'] !== undefined) {
      await answered((done) => client.initTransactions(TRANSACTION, done));
    }
    this.#producer = client;
    this.#watch = watch;
    this.#open = true;
  }

  /**
   * Hands a message to the client. False when its queue is full: wait for `room`, then try again.
   * @throws FatalError for a topic that cannot be written to.
   */
  send({ topic, value, key, timestamp, headers }: ProducedMessage, outgoing: Outgoing): boolean {
    const cycle = this.#cycle;
    try {
      this.#producer.produce(
        topic,
        null,
        present(value),
        present(key),
        timestamp,
        new Ticket(cycle, outgoing, topic),
        headers as Record<string, string>[],
      );
    } catch (error) {
      const code = kafkaCode(error);
      if (code === ERRORS.ERR__QUEUE_FULL) return false;
      if (code === ERRORS.ERR_MSG_SIZE_TOO_LARGE) {
        const why = `a message of ${value?.length ?? 0} bytes for topic '${topic}' is larger than PARAMS['message.max.bytes'] allows`;
        this.refuse(outgoing, new PoisonError(why, { code: 'APF_REFUSED' }));
        return true;
      }
      // Why it can produce nothing more is told by an event that is still on its way: the flush has it.
      if (code !== ERRORS.ERR__FATAL) throw this.#permanent(topic, kafkaText(error));
    }
    cycle.topic = topic;
    cycle.pending++;
    return true;
  }

  /** Messages that the broker has confirmed so far, one by one. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Notes an output that can never be written; the next flush names it. */
  refuse(outgoing: Outgoing, error: Error): void {
    this.#cycle.refused.set(outgoing, error);
  }

  /** Resolves when the queue may have room again. Rejects when what fills it cannot be delivered. */
  async room(): Promise<void> {
    await this.#turn(POLL_EVERY);
    const { failure } = this.#cycle;
    if (!failure) return;
    this.#cycle = newCycle();
    throw failure;
  }

  /**
   * Resolves with what was refused once everything sent is acknowledged. A broker that finds a batch too large refuses
   * all of it: each message of such a batch is then sent alone, as `again` makes it once more.
   * @throws RetryableError where some was not acknowledged in time or the signal is aborted: send all of it again.
   */
  async flush(
    signal: AbortSignal,
    again: (outgoing: Outgoing, topic: string) => ProducedMessage,
  ): Promise<Refused[]> {
    const cycle = this.#cycle;
    await this.#settle(cycle, signal);
    for (const { outgoing, topic } of cycle.suspects) {
      const alone = this.#cycle;
      while (!this.send(again(outgoing, topic), outgoing)) await this.room();
      await this.#settle(alone, signal);
      for (const { outgoing: large } of alone.suspects) {
        const why = `the broker refused a message for topic '${topic}': it is larger than the topic's max.message.bytes`;
        cycle.refused.set(large, new PoisonError(why, { code: 'APF_REFUSED' }));
      }
      for (const [refused, error] of alone.refused) cycle.refused.set(refused, error);
    }
    return [...cycle.refused].map(([outgoing, error]) => ({ outgoing, error }));
  }

  async #settle(cycle: Cycle, signal: AbortSignal): Promise<void> {
    // A client that has failed for good keeps its messages until their time is up.
    while (cycle.pending > 0 && !cycle.failure && this.#watch.fatal === undefined && !signal.aborted) {
      if (await this.#turn(TURN)) {
        // All reports are on their way to this thread, at most 100 a turn of its loop.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.#cycle = newCycle();
    if (this.#watch.fatal !== undefined) throw this.#permanent(cycle.topic, this.#watch.fatal);
    if (cycle.failure) throw cycle.failure;
    if (cycle.pending > 0) {
      throw new RetryableError(
        `${cycle.pending} messages were not acknowledged by the broker before the stop`,
        undefined,
        { code: 'APF_SINK' },
      );
    }
  }

  beginTransaction(): Promise<void> {
    return answered((done) => this.#producer.beginTransaction(done));
  }

  commitTransaction(): Promise<void> {
    return answered((done) => this.#producer.commitTransaction(TRANSACTION, done));
  }

  abortTransaction(): Promise<void> {
    this.#cycle = newCycle();
    return answered((done) => this.#producer.abortTransaction(TRANSACTION, done));
  }

  /** Adds offsets that a consumer has read to the transaction, in the name of its group. */
  sendOffsets(consumer: KafkaConsumer, next: readonly Position[]): Promise<void> {
    return answered((done) =>
      this.#producer.sendOffsetsToTransaction([...next], consumer, TRANSACTION, done),
    );
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    // A poll while librdkafka takes its handle down blocks this thread for ever.
    this.#producer.setPollInterval(0);
    await new Promise<void>((resolve) => this.#producer.disconnect(LAST_WAIT, () => resolve()));
  }

  /** Waits for confirmations in the client's own thread. True when the client has none left to wait for. */
  #turn(ms: number): Promise<boolean> {
    return new Promise((resolve) => this.#producer.flush(ms, (error: unknown) => resolve(!error)));
  }

  #reported(error: unknown, ticket: Ticket): void {
    const { cycle, outgoing, topic } = ticket;
    cycle.pending--;
    if (!error) {
      this.#delivered++;
      return;
    }
    // A delivery report carries librdkafka's text, but no code.
    const text = kafkaText(error);
    if (TOO_LARGE.test(text)) {
      cycle.suspects.push(ticket);
    } else if (REFUSED.test(text)) {
      const why = `the broker refused a message for topic '${topic}': ${text}`;
      cycle.refused.set(outgoing, new PoisonError(why, { code: 'APF_REFUSED' }));
    } else {
      cycle.failure ??= this.#deliveryFailure(topic, text);
    }
  }

  #deliveryFailure(topic: string, text: string): Error {
    if (
      /authorization|unknown topic|invalid topic|policy violation|fatal|authentication|not implemented/i.test(
        text,
      )
    ) {
      return this.#permanent(topic, text);
    }
    return new RetryableError(
      `the broker ${brokersOf(this.options.params)} did not acknowledge a message: ${text}`,
      undefined,
      {
        code: 'APF_SINK',
      },
    );
  }

  #permanent(topic: string, text: string): FatalError {
    const what = `topic '${topic}'`;
    if (/authorization/i.test(text)) {
      return new FatalError(
        `the broker does not permit writing to ${what} (${text}): ask its operators for the permission${/cluster/i.test(text) ? ", or set PARAMS['enable.idempotence'] to false" : ''}`,
        { code: 'APF_AUTHORIZATION' },
      );
    }
    if (/unknown topic|invalid topic/i.test(text)) {
      return new FatalError(`${what} is not on the broker (${text}): create it, or correct its name`, {
        code: 'APF_TOPIC',
      });
    }
    return new FatalError(`writing to ${what} failed: ${text}`, { code: 'APF_SINK' });
  }
}

/** Node gives an empty buffer no address, and node-rdkafka would send it as null: a part of another one has one. */
const EMPTY = Buffer.allocUnsafe(1).subarray(0, 0);
const present = <T>(bytes: T): T | Buffer => (Buffer.isBuffer(bytes) && bytes.length === 0 ? EMPTY : bytes);

/** librdkafka's errors are Errors, which their types do not say. */
const asError = (error: unknown): Error => error as Error;

const answered = (act: (done: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    act((error) => {
      if (error) reject(asError(error));
      else resolve();
    });
  });

const newCycle = (): Cycle => ({
  pending: 0,
  refused: new Map(),
  suspects: [],
  failure: undefined,
  topic: '',
});
