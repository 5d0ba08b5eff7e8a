import {
  type Clock,
  END,
  type Position,
  type RawMessage,
  type Source,
  type SourceEvents,
  type TopicPartition,
} from '@apf/core';

export interface MeteredSourceOptions {
  readonly source: Source;
  readonly clock: Clock;
  /** Alerts that may still be put out; the source ends at 0. */
  readonly remaining: () => number;
  /** Ms without a message after which the source ends. */
  readonly timeout: number | undefined;
  /** Called once when no message has come for a while. */
  readonly onIdle: () => void;
  /** Messages that whoever reads this leaves out unseen. */
  readonly skips?: ((message: RawMessage) => boolean) | undefined;
}

/** What a person waits before asking why nothing comes, in ms. */
const IDLE = 5_000;
const WAIT = 20;

/**
 * Ends a stream after so many alerts or after a silence. With a limit it hands out no more messages than alerts are
 * wanted, and the next ones only once it is told that these are `executed`: what nobody wanted stays uncommitted. (Their
 * commit is no sign: that of messages that cannot be decoded waits for one that can.)
 */
export class MeteredSource implements Source {
  readonly maxPollInterval: number | undefined;
  private held: readonly RawMessage[] = [];
  /** Handed out and not executed yet: the last of each partition. */
  private readonly outstanding = new Map<string, number>();
  private last: number;
  private said = false;
  private ended = false;

  constructor(private readonly options: MeteredSourceOptions) {
    this.maxPollInterval = options.source.maxPollInterval;
    this.last = options.clock.now();
  }

  async open(events: SourceEvents): Promise<void> {
    await this.options.source.open({
      revoked: (partitions) => {
        this.drop(partitions);
        return events.revoked(partitions);
      },
      lost: (partitions) => {
        this.drop(partitions);
        events.lost(partitions);
      },
    });
    this.last = this.options.clock.now();
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    const { clock, remaining, timeout, skips } = this.options;
    const wanted = remaining();
    if (wanted <= 0) return END;
    const limited = wanted !== Infinity;
    if (limited && this.outstanding.size > 0) {
      // The client must be asked all the same, or it loses its place in the group.
      if (this.held.length < max && !this.ended) await this.take(max, signal);
      else await clock.sleep(WAIT, signal);
      return [];
    }
    if (this.held.length === 0 && (await this.take(max, signal)) === END) return END;
    const count = limited ? Math.min(max, wanted) : max;
    const messages = this.held.slice(0, count);
    this.held = this.held.slice(count);
    if (limited) {
      for (const message of messages)
        if (!skips?.(message)) this.outstanding.set(keyOf(message), message.offset);
    }
    if (messages.length > 0) this.last = clock.now();
    const silence = clock.now() - this.last;
    if (!this.said && silence >= IDLE) {
      this.said = true;
      this.options.onIdle();
    }
    if (timeout !== undefined && silence >= timeout) return END;
    return messages;
  }

  private async take(max: number, signal: AbortSignal): Promise<typeof END | undefined> {
    if (this.ended) return this.held.length > 0 ? undefined : END;
    const polled = await this.options.source.poll(max, signal);
    if (polled === END) {
      this.ended = true;
      return this.held.length > 0 ? undefined : END;
    }
    this.held = this.held.length === 0 ? polled : [...this.held, ...polled];
    return undefined;
  }

  /** These were decoded and executed, or cannot be: what came of them is counted. */
  executed(messages: readonly RawMessage[]): void {
    if (this.outstanding.size === 0) return;
    for (const message of messages) {
      const key = keyOf(message);
      if ((this.outstanding.get(key) ?? Infinity) <= message.offset) this.outstanding.delete(key);
    }
  }

  commit(next: readonly Position[]): Promise<void> {
    return this.options.source.commit(next);
  }

  pause(): void {
    this.options.source.pause();
  }

  resume(): void {
    this.options.source.resume();
  }

  close(): Promise<void> {
    return this.options.source.close();
  }

  private drop(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(keyOf));
    this.held = this.held.filter((message) => !gone.has(keyOf(message)));
    for (const key of gone) this.outstanding.delete(key);
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
