import type { TopicSampling } from '../page-api.js';

/** Over how long `oneOf` is taken, in ms. */
const WINDOW = 5_000;

/** Counts what came of a topic and what is shown of it. */
export class SamplingCount {
  private read = 0;
  private shown = 0;
  private undecodable = 0;
  private lastError: string | null = null;
  private readonly recent: { readonly at: number; readonly read: number; readonly shown: number }[] = [];

  constructor(private readonly topic: string) {}

  /** @param read messages that came @param shown those of them that were decoded */
  add(at: number, read: number, shown: number): void {
    this.read += read;
    this.shown += shown;
    this.recent.push({ at, read, shown });
    while (this.recent[0] && this.recent[0].at < at - WINDOW) this.recent.shift();
  }

  failed(error: Error): void {
    this.undecodable++;
    this.lastError = error.message;
  }

  state(now: number): TopicSampling {
    const recent = this.recent.filter(({ at }) => at >= now - WINDOW);
    const [read, shown] = [sum(recent.map((each) => each.read)), sum(recent.map((each) => each.shown))];
    return {
      topic: this.topic,
      read: this.read,
      shown: this.shown,
      oneOf: read <= shown ? 1 : read / Math.max(1, shown),
      undecodable: this.undecodable,
      lastError: this.lastError,
    };
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
