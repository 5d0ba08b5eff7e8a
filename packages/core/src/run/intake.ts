import type { Clock } from '../clock.js';
import { END, type RawMessage, type RunStats, type TopicPartition } from '../contracts.js';
import { type Batch, inPartitions } from './batch.js';

export interface IntakeOptions {
  readonly clock: Clock;
  readonly stats: RunStats;
  /** `consume.messages` */
  readonly messages: number;
  /** `consume.timeout`, in seconds */
  readonly timeout: number;
}

/** Gathers messages into batches: APF's `consume.messages` and `consume.timeout`. */
export class Intake {
  private queue: readonly RawMessage[] = [];
  private head = 0;
  private batch: (Batch & { readonly messages: RawMessage[] }) | undefined;
  private ended = false;

  constructor(private readonly options: IntakeOptions) {}

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

  /** The next batch if it is full or its time has come. */
  next(): Batch | undefined {
    const { messages, clock, timeout } = this.options;
    if (this.backlog > 0) {
      this.batch ??= { messages: [], deadline: clock.now() + timeout * 1_000 };
      const end = Math.min(this.queue.length, this.head + messages - this.batch.messages.length);
      while (this.head < end) this.batch.messages.push(this.queue[this.head++] as RawMessage);
    }
    if (!this.batch) return undefined;
    const due = this.ended || this.batch.messages.length >= messages || clock.now() >= this.batch.deadline;
    return due ? this.take() : undefined;
  }

  /** The batch under way, full or not. */
  take(): Batch | undefined {
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
      const rest = this.batch.messages.filter((message) => !gone(message));
      this.batch = rest.length > 0 ? { messages: rest, deadline: this.batch.deadline } : undefined;
    }
  }
}
