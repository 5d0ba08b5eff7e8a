import RdKafka, { type Producer } from 'node-rdkafka';
import {
  type Clock,
  FatalError,
  type Logger,
  type Outgoing,
  PoisonError,
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
/** How long closing waits for what was never flushed, in ms. */
const LAST_WAIT = 1_000;

/** Texts of errors that only this one message has. */
const REFUSED =
  /message size too large|larger than configured|failed to validate record|invalid timestamp|invalid message size/i;

/** What was written since the last flush. A failed flush begins another, so that late reports of it change nothing. */
interface Cycle {
  pending: number;
  refused: Map<Outgoing, Error>;
  failure: Error | undefined;
}

/** The `opaque` of a message: comes back with its delivery report. */
class Ticket {
  constructor(
    readonly cycle: Cycle,
    readonly outgoing: Outgoing,
  ) {}
}

/** A producer that knows of each message whether the broker has it. */
export class ConfirmedProducer {
  #producer!: Producer;
  #watch!: ClientWatch;
  #open = false;
  #cycle: Cycle = newCycle();

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
    client.on('delivery-report', (error, { opaque, topic }) =>
      this.#reported(error, topic, opaque as Ticket),
    );
    client.setPollInterval(POLL_EVERY);
    this.#producer = client;
    this.#watch = watch;
    this.#open = true;
  }

  /**
   * Hands a message to the client. False when its queue is full: wait for `room`, then try again.
   * @throws FatalError where the client can produce nothing more.
   */
  send({ topic, value, key, timestamp, headers }: ProducedMessage, outgoing: Outgoing): boolean {
    const cycle = this.#cycle;
    try {
      this.#producer.produce(
        topic,
        null,
        value,
        key,
        timestamp,
        new Ticket(cycle, outgoing),
        headers as Record<string, string>[],
      );
    } catch (error) {
      const code = kafkaCode(error);
      if (code === ERRORS.ERR__QUEUE_FULL) return false;
      if (code === ERRORS.ERR_MSG_SIZE_TOO_LARGE) {
        this.refuse(outgoing, this.#tooLarge(topic, value, "PARAMS['message.max.bytes'] allows"));
        return true;
      }
      throw this.#permanent(topic, kafkaText(error));
    }
    cycle.pending++;
    return true;
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
   * Resolves with what was refused once everything sent is acknowledged.
   * @throws RetryableError where some was not acknowledged in time or the signal is aborted: send all of it again.
   */
  async flush(signal: AbortSignal): Promise<Refused[]> {
    const cycle = this.#cycle;
    while (cycle.pending > 0 && !cycle.failure && !signal.aborted) {
      if (await this.#turn(TURN)) {
        // All reports are on their way to this thread, at most 100 a turn of its loop.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.#cycle = newCycle();
    if (cycle.failure) throw cycle.failure;
    if (cycle.pending > 0) {
      throw new RetryableError(
        `${cycle.pending} messages were not acknowledged by the broker before the stop`,
        undefined,
        {
          code: 'APF_SINK',
        },
      );
    }
    return [...cycle.refused].map(([outgoing, error]) => ({ outgoing, error }));
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await new Promise<void>((resolve) => this.#producer.disconnect(LAST_WAIT, () => resolve()));
  }

  /** Waits for confirmations in the client's own thread. True when the client has none left to wait for. */
  #turn(ms: number): Promise<boolean> {
    return new Promise((resolve) => this.#producer.flush(ms, (error: unknown) => resolve(!error)));
  }

  #reported(error: unknown, topic: string, { cycle, outgoing }: Ticket): void {
    cycle.pending--;
    if (!error) return;
    // A delivery report carries librdkafka's text, but no code.
    const text = kafkaText(error);
    if (REFUSED.test(text)) {
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
    return new FatalError(`writing to ${what} failed: ${this.#watch.fatal ?? text}`, { code: 'APF_SINK' });
  }

  #tooLarge(topic: string, value: Buffer | null, limit: string): PoisonError {
    return new PoisonError(
      `a message of ${value?.length ?? 0} bytes for topic '${topic}' is larger than ${limit}`,
      {
        code: 'APF_REFUSED',
      },
    );
  }
}

const newCycle = (): Cycle => ({ pending: 0, refused: new Map(), failure: undefined });
