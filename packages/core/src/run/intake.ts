import type { Clock } from '../clock.js';
import {
  type Codec,
  END,
  type DeadLetter,
  type Logger,
  type RawMessage,
  type RunStats,
  type TopicPartition,
} from '../contracts.js';
import { FatalError, codeOf, toError } from '../errors.js';
import { Batch, inPartitions } from './batch.js';

/** A stream of which nothing at all can be decoded has a wrong framing or schema: stop before it is all dead letters. */
const HOPELESS = 20;

export interface IntakeOptions<In> {
  readonly codec: Codec<In>;
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: RunStats;
  /** `consume.messages` */
  readonly messages: number;
  /** `consume.timeout`, in seconds */
  readonly timeout: number;
  readonly tombstones: boolean;
}

/** Decodes messages and gathers them into batches; APF's `consume.messages` and `consume.timeout`. */
export class Intake<In> {
  private queue: readonly RawMessage[] = [];
  private head = 0;
  private batch: Batch<In> | undefined;
  private ended = false;

  constructor(private readonly options: IntakeOptions<In>) {}

  /** When the batch under way must be handed over, in ms; undefined when there is none. */
  get deadline(): number | undefined {
    return this.batch?.deadline;
  }

  /** Messages waiting that are not in a batch yet. */
  get backlog(): number {
    return this.queue.length - this.head;
  }

  get atEnd(): boolean {
    return this.ended && this.backlog === 0 && !this.batch;
  }

  put(polled: readonly RawMessage[] | typeof END): void {
    if (polled === END) {
      this.ended = true;
      return;
    }
    this.options.stats.read += polled.length;
    this.queue = this.backlog === 0 ? polled : [...this.queue.slice(this.head), ...polled];
    this.head = 0;
  }

  /** The next batch if it is full or its time has come; decodes what is needed for it. */
  next(): Batch<In> | undefined {
    const { messages, clock, timeout } = this.options;
    while (this.head < this.queue.length) {
      this.batch ??= new Batch<In>(clock.now() + timeout * 1_000);
      this.decode(this.batch, this.queue[this.head++] as RawMessage);
      if (this.batch.messages.length >= messages) return this.take();
    }
    if (this.batch && (this.ended || clock.now() >= this.batch.deadline)) return this.take();
    return undefined;
  }

  /** The batch under way, full or not. */
  take(): Batch<In> | undefined {
    const { batch } = this;
    this.batch = undefined;
    return batch;
  }

  /** Forgets what waits of these partitions; with `batched`, what the batch under way holds of them too. */
  drop(partitions: readonly TopicPartition[], batched: boolean): void {
    const gone = inPartitions(partitions);
    this.queue = this.queue.slice(this.head).filter((message) => !gone(message));
    this.head = 0;
    if (batched && this.batch) {
      const rest = this.batch.without(partitions);
      this.batch = rest.messages.length > 0 ? rest : undefined;
    }
  }

  private decode(batch: Batch<In>, message: RawMessage): void {
    const { codec, stats, tombstones } = this.options;
    const { value } = message;
    if (value === null) {
      if (tombstones) batch.add(message, [null as In]);
      else {
        stats.tombstones++;
        batch.add(message, []);
      }
      return;
    }
    stats.bytes += value.length;
    if (message.unreadable) {
      batch.addPoison(this.letter(message, message.unreadable));
      return;
    }
    try {
      const alerts = codec.decode(value, message);
      stats.decoded += alerts.length;
      batch.add(message, alerts);
    } catch (thrown) {
      const error = toError(thrown);
      if (error instanceof FatalError) throw error;
      batch.addPoison(this.letter(message, error));
    }
  }

  private poisoned = 0;

  private letter(message: RawMessage, error: Error): DeadLetter {
    const { name, clock, logger, stats } = this.options;
    const { topic, partition, offset } = message;
    if (stats.decoded === 0 && ++this.poisoned >= HOPELESS) {
      throw new FatalError(
        `none of the first ${HOPELESS} messages could be decoded, so FRAMING or the schema must be wrong; nothing more is committed. The last error: ${error.message}`,
        { code: codeOf(error, 'APF_DECODE'), cause: error },
      );
    }
    logger.error(
      { topic, partition, offset, code: codeOf(error, 'APF_DECODE') },
      `dead letter: ${error.message}`,
    );
    return {
      message,
      error,
      code: codeOf(error, 'APF_DECODE'),
      stage: 'decode',
      step: name,
      when: clock.now(),
    };
  }
}
