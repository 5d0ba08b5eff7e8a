import type { Clock, TopicPartition } from '@apf/core';
import type { Assignment, Held } from './assignment.js';
import type { ConsumerClient } from './consumer-client.js';
import type { Start } from './start-offsets.js';
import type { OffsetRange } from './offset-range.js';
import { partitionsOf } from './partitions-of.js';

export interface ReadEndsOptions {
  readonly client: ConsumerClient;
  readonly assignment: Assignment;
  readonly clock: Clock;
  /** `offsets.end`: ms since 1970, or the ends that the partitions have when the run begins. */
  readonly end: number | 'latest' | undefined;
  /** The ends of parts of partitions, where they are known already. */
  readonly ranges?: readonly OffsetRange[] | undefined;
  /** Stop once each partition has been at its end. */
  readonly stopAtEnd: boolean;
}

/** How long a member without any partition waits for one before it ends, in ms. */
const EMPTY_HANDED = 5_000;
const LOOK_EVERY = 50;

/** Knows when a run that is to end has read all that it was to read. */
export class ReadEnds {
  /** The ends of the partitions when the run began. */
  readonly #frozen = new Map<string, number>();
  readonly #reached = new WeakSet<Held>();
  #looked = -Infinity;
  #emptySince = Infinity;
  #freezing = false;

  constructor(private readonly options: ReadEndsOptions) {
    for (const range of options.ranges ?? []) this.#freeze(range, range.end);
  }

  get active(): boolean {
    return this.options.end !== undefined || this.options.stopAtEnd || this.#frozen.size > 0;
  }

  /** Freezes the ends of all partitions that there are, the ones that other members read included. */
  async freeze(topics: readonly string[]): Promise<void> {
    const { client, end } = this.options;
    if (end !== 'latest') return;
    const partitions = partitionsOf(topics, await client.topics());
    const ends = await client.latest(partitions);
    partitions.forEach((partition, i) => this.#freeze(partition, ends[i]));
  }

  /** Where an assigned partition ends: a partition that nobody knew at the start ends where it ends now. */
  endOf(start: Start): number {
    const { end, clock } = this.options;
    const known = this.#frozen.get(key(start));
    if (known !== undefined) return known;
    if (end === undefined) return Infinity;
    if (end !== 'latest' && clock.now() < end) return Infinity;
    this.#freeze(start, start.high);
    return this.#frozen.get(key(start)) ?? Infinity;
  }

  /** librdkafka came to the end of a partition; the messages before it may still be on their way. */
  reached({ topic, partition }: TopicPartition): void {
    const held = this.options.assignment.get(topic, partition);
    if (held) this.#reached.add(held);
  }

  /** True when nothing is left to be delivered. Called when all that was consumed is delivered. */
  over(busy: boolean, assignments: number): boolean {
    const { assignment, clock } = this.options;
    if (!this.active || busy || assignments === 0) return false;
    const now = clock.now();
    if (assignment.size === 0) {
      this.#emptySince = Math.min(this.#emptySince, now);
      return now - this.#emptySince >= EMPTY_HANDED;
    }
    this.#emptySince = Infinity;
    if (now - this.#looked < LOOK_EVERY) return false;
    this.#looked = now;
    const open = assignment.all().filter(({ done }) => !done);
    if (open.length > 0) this.#look(open, now);
    return open.every(({ done }) => done);
  }

  /** Behind the last message there may be transaction markers: it is the position that tells, not the last offset. */
  #look(open: readonly Held[], now: number): void {
    const { client, end, stopAtEnd } = this.options;
    const positions = client.positions(open);
    open.forEach((held, i) => {
      const position = Math.max(held.next ?? -1, positions[i] ?? -1);
      const high = stopAtEnd ? client.knownHigh(held) : -1;
      if (position >= held.end || (high >= 0 && position >= high) || this.#reached.has(held))
        held.done = true;
    });
    if (typeof end === 'number' && now >= end) this.#freezeLate(open.filter((held) => held.end === Infinity));
  }

  /** The end time has passed while we read: what comes from now on is younger than it. */
  #freezeLate(open: readonly Held[]): void {
    if (this.#freezing || open.length === 0) return;
    this.#freezing = true;
    this.options.client
      .latest(open)
      .then((ends) => open.forEach((held, i) => (held.end = ends[i] ?? Infinity)))
      // The next look asks again.
      .catch(() => undefined)
      .finally(() => (this.#freezing = false));
  }

  #freeze(partition: TopicPartition, end: number | undefined): void {
    if (end !== undefined && !this.#frozen.has(key(partition))) this.#frozen.set(key(partition), end);
  }
}

const key = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
