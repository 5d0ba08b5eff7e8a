import { type RawMessage, systemClock } from '@apf/core';

/** How long a poll waits for the first message, in ms; it wakes as soon as one is there. */
const WAIT = 100;
/** A poll that brings fewer messages than this costs more than they do: the next one lets some more come first, in ms. */
const FEW = 64;
const GATHER = 2;

/** Takes what a client has, or the first message that comes, without waiting for a full batch. */
export class EagerReader {
  /** The last poll found messages at once. */
  #hot = false;
  /** It found so few that asking cost more than they did. */
  #few = false;

  /** @param consume see `ConsumerClient.consume` */
  constructor(private readonly consume: (max: number, timeout: number) => Promise<readonly RawMessage[]>) {}

  /** To be awaited before each `take`. */
  async gather(signal: AbortSignal): Promise<void> {
    if (this.#hot && this.#few) await systemClock.sleep(GATHER, signal);
  }

  /** One time-out for each message (see consume) would wait for a full batch. */
  async take(max: number, enough: () => boolean = () => false): Promise<readonly RawMessage[]> {
    if (this.#hot) {
      const waiting = await this.consume(max, 0);
      this.#few = waiting.length < FEW;
      if (waiting.length > 0) return waiting;
      this.#hot = false;
    }
    const first = await this.consume(1, WAIT);
    if (first.length === 0) return first;
    this.#hot = true;
    if (max === 1 || enough()) return first;
    const rest = await this.consume(max - 1, 0);
    return rest.length === 0 ? first : [...first, ...rest];
  }
}
