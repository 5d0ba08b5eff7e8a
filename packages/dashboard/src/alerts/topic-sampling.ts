import type { TopicSampling } from '../page-api.js';

/** Over how long `oneOf` is taken, in ms. */
const WINDOW = 5_000;

/** Counts what came of a topic and what is shown of it. */
export class SamplingCount {
  private read = 0;
  private tried = 0;
  private undecodable = 0;
  private lastError: string | null = null;
  private readonly recent: { readonly at: number; readonly read: number; readonly tried: number }[] = [];

  constructor(private readonly topic: string) {}

  /** @param read messages that came @param tried those of them that were decoded, or could not be */
  add(at: number, read: number, tried: number): void {
    this.read += read;
    this.tried += tried;
    this.recent.push({ at, read, tried });
    while (this.recent[0] && this.recent[0].at < at - WINDOW) this.recent.shift();
  }

  failed(error: Error): void {
    this.undecodable++;
    this.lastError = error.message;
  }

  state(now: number): TopicSampling {
    const recent = this.recent.filter(({ at }) => at >= now - WINDOW);
    const [read, tried] = [sum(recent.map((each) => each.read)), sum(recent.map((each) => each.tried))];
    return {
      topic: this.topic,
      read: this.read,
      shown: this.tried - this.undecodable,
      oneOf: read <= tried ? 1 : read / Math.max(1, tried),
      undecodable: this.undecodable,
      lastError: this.lastError,
    };
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
