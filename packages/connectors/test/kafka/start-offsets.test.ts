import { newStats, RetryableError, type TopicPartition } from '@apf/core';
import { FakeClock, settle } from '@apf/core/testing';
import { type OffsetQueries, StartOffsets, type StartOffsetsOptions } from '../../src/kafka/start-offsets.js';
import { LogBook } from './kafka-fixture.js';

/** A broker's answers for partition 0. */
const broker = (low: number, high: number, commit?: number, time?: number): OffsetQueries => ({
  committed: (partitions) => Promise.resolve(partitions.map(() => commit)),
  earliest: (partitions) => Promise.resolve(partitions.map(() => low)),
  latest: (partitions) => Promise.resolve(partitions.map(() => high)),
  at: (partitions) => Promise.resolve(partitions.map(() => time)),
});
const ztf: TopicPartition = { topic: 'ztf', partition: 0 };
const { signal } = new AbortController();

describe('StartOffsets', () => {
  const make = (
    options: Partial<StartOffsetsOptions> = {},
  ): { starts: StartOffsets; log: LogBook; stats: ReturnType<typeof newStats>; clock: FakeClock } => {
    const [log, stats, clock] = [new LogBook(), newStats(), new FakeClock()];
    return {
      starts: new StartOffsets({ reset: 'earliest', stats, logger: log, clock, ...options }),
      log,
      stats,
      clock,
    };
  };
  const begin = async (starts: StartOffsets, queries: OffsetQueries): Promise<number | undefined> =>
    (await starts.resolve([ztf], queries, signal))[0]?.offset;

  it('begins at the commit', async () => {
    expect(await begin(make().starts, broker(0, 100, 42))).toBe(42);
  });

  it('begins at the oldest offset where the commit has expired, and counts the loss', async () => {
    const { starts, log, stats } = make({ reset: 'latest' });
    expect(await begin(starts, broker(50, 100, 42))).toBe(50);
    expect(stats.expired).toBe(8);
    expect(log.lines.map(({ level }) => level)).toEqual(['error']);
  });

  it.each([
    ['earliest', 10],
    ['latest', 100],
  ] as const)('begins at the %s offset without a commit', async (reset, offset) => {
    expect(await begin(make({ reset }).starts, broker(10, 100))).toBe(offset);
  });

  it('begins at the start time without a commit, and at the end where nothing is as young', async () => {
    expect(await begin(make({ startTime: 1000 }).starts, broker(0, 100, undefined, 70))).toBe(70);
    expect(await begin(make({ startTime: 1000 }).starts, broker(0, 100, undefined, -1))).toBe(100);
    expect(await begin(make({ startTime: 1000 }).starts, broker(0, 100, 3, 70))).toBe(3);
  });

  it('begins where the database says, whatever the broker has committed', async () => {
    const kept = (offset: number | undefined) => () => Promise.resolve([offset]);
    expect(await begin(make({ kept: kept(30) }).starts, broker(0, 100, 42))).toBe(30);
    expect(await begin(make({ kept: kept(undefined) }).starts, broker(0, 100, 42))).toBe(42);
    const { starts, stats } = make({ kept: kept(30) });
    expect(await begin(starts, broker(50, 100))).toBe(50);
    expect(stats.expired).toBe(20);
  });

  it('stops where the database has read further than the topic goes', async () => {
    const { starts } = make({ kept: () => Promise.resolve([101]) });
    await expect(begin(starts, broker(0, 100))).rejects.toThrow(
      'the database has ztf[0] read up to offset 101, but on this broker it ends at 100',
    );
  });

  it('asks the database again after an outage', async () => {
    let down = 2;
    const kept = (): Promise<number[]> =>
      down-- > 0 ? Promise.reject(new RetryableError('down')) : Promise.resolve([7]);
    const { starts, clock } = make({ kept });
    const offset = begin(starts, broker(0, 100, 42));
    for (let i = 0; i < 2; i++) await clock.advance(60_000);
    expect(await offset).toBe(7);
  });

  it('begins where it began before when a partition comes back without a commit', async () => {
    const { starts } = make({ reset: 'latest' });
    expect(await begin(starts, broker(0, 100))).toBe(100);
    expect(await begin(starts, broker(0, 130))).toBe(100);
    expect(await begin(starts, broker(0, 150, 120))).toBe(120);
  });

  it("refuses to begin without a commit with 'error'", async () => {
    await expect(begin(make({ reset: 'error' }).starts, broker(0, 100))).rejects.toThrow(
      'has no committed offset',
    );
  });

  it('asks again until the broker answers', async () => {
    const { starts, clock } = make();
    let failures = 2;
    const flaky: OffsetQueries = {
      ...broker(0, 100, 42),
      committed: (partitions) =>
        failures-- > 0 ? Promise.reject(new Error('timed out')) : Promise.resolve(partitions.map(() => 42)),
    };
    const resolving = begin(starts, flaky);
    await settle();
    await clock.advance(200);
    await clock.advance(500);
    expect(await resolving).toBe(42);
  });

  it('leaves it to the client when the source is closed meanwhile', async () => {
    const { starts } = make();
    const failing: OffsetQueries = {
      ...broker(0, 1),
      committed: () => Promise.reject(new Error('timed out')),
    };
    const [start] = await starts.resolve([ztf], failing, AbortSignal.abort());
    expect(start).toMatchObject({ ...ztf, offset: undefined });
  });
});
