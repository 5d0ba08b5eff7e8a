/** A message of a partition: where it stands, and its timestamp in ms since 1970. */
export interface DatedOffset {
  readonly offset: number;
  readonly time: number;
}

/** A time is known well enough within a second, or within this part of its age. */
const CLOSE = 1_000;
const PART = 0.05;
/** More points of a partition than this are not kept. */
const MANY = 400;

/** What is known of one partition's timestamps. They are taken to rise with the offsets, as they nearly do. */
export class OffsetTimes {
  /** By offset, times rising too. */
  private points: DatedOffset[] = [];

  /** Newer knowledge goes over older that does not agree with it. */
  learn(point: DatedOffset): void {
    const agreeing = this.points.filter(
      ({ offset, time }) =>
        (offset < point.offset && time <= point.time) || (offset > point.offset && time >= point.time),
    );
    const at = agreeing.findIndex(({ offset }) => offset > point.offset);
    agreeing.splice(at < 0 ? agreeing.length : at, 0, point);
    this.points = agreeing;
    // Every other one of the older half goes: what is asked for is mostly new.
    if (this.points.length > MANY) this.points = this.points.filter((_, i) => i > MANY / 2 || i % 2 === 0);
  }

  /** Forgets all where the partition was made anew, and what is older than `begin`, except for the one just below. */
  trim(begin: number, end: number): void {
    if ((this.points.at(-1)?.offset ?? 0) >= end) this.points = [];
    const first = this.points.findIndex(({ offset }) => offset > begin);
    if (first > 1) this.points.splice(0, first - 1);
  }

  /** The timestamp of the message at this offset, between its known neighbours; undefined where there is none below. */
  timeOf(offset: number): number | undefined {
    const [below, above] = this.around(offset);
    if (!below) return undefined;
    if (below.offset === offset || !above) return below.time;
    return below.time + ((above.time - below.time) * (offset - below.offset)) / (above.offset - below.offset);
  }

  /** What to ask a broker to learn the time of this offset; undefined where it is known closely enough. */
  search(offset: number, now: number): TimeSearch | undefined {
    const [below, above] = this.around(offset);
    if (below?.offset === offset || (below && !above)) return undefined;
    const search = new TimeSearch(this, offset, now, below, above);
    return search.ended ? undefined : search;
  }

  private around(offset: number): [below: DatedOffset | undefined, above: DatedOffset | undefined] {
    const at = this.points.findIndex((point) => point.offset > offset);
    return at < 0 ? [this.points.at(-1), undefined] : [this.points[at - 1], this.points[at]];
  }
}

/**
 * Closes in on the timestamp of one message by a question that costs a broker little: which is the first message that is
 * not older than a time?
 */
export class TimeSearch {
  private from: number | undefined;
  private to: number;
  private below: DatedOffset | undefined;
  private above: DatedOffset | undefined;
  private questions = 0;

  constructor(
    private readonly times: OffsetTimes,
    private readonly offset: number,
    private readonly now: number,
    below: DatedOffset | undefined,
    above: DatedOffset | undefined,
  ) {
    [this.below, this.above] = [below, above];
    this.from = below?.time;
    this.to = above?.time ?? now;
  }

  get ended(): boolean {
    if (this.from === undefined) return false;
    return this.to - this.from <= Math.max(CLOSE, PART * (this.now - this.to));
  }

  /** The time to ask about, in ms since 1970; 0 finds the oldest message that is kept. */
  get question(): number {
    if (this.from === undefined || !this.below) return 0;
    const { below, above, offset } = this;
    // By the share of offsets where messages come evenly, by halves where they do not.
    const even = above !== undefined && this.questions % 2 === 0;
    const share = even ? (offset - below.offset) / (above.offset - below.offset) : 0.5;
    return Math.round(this.from + (this.to - this.from) * Math.min(0.95, Math.max(0.05, share)));
  }

  /** @param found the first message that is not older than `question`; undefined where there is none */
  answer(found: DatedOffset | undefined): void {
    const asked = this.question;
    this.questions++;
    if (found) this.times.learn(found);
    if (found && found.offset <= this.offset) {
      this.from = Math.max(found.time, this.from ?? 0);
      this.below = found;
      if (found.offset === this.offset) this.to = this.from;
    } else if (this.from === undefined) {
      // Nothing that is kept is as old as it.
      this.from = this.to = found?.time ?? this.to;
    } else {
      this.to = Math.min(this.to, asked);
      if (found) this.above = found;
    }
    this.to = Math.max(this.to, this.from);
    if (this.ended) this.times.learn({ offset: this.offset, time: (this.from + this.to) / 2 });
  }
}
