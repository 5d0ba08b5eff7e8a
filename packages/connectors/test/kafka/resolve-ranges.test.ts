import fc from 'fast-check';
import type { PartitionBounds } from '../../src/kafka/offset-lookup';
import { resolveRanges } from '../../src/kafka/resolve-ranges';

/** A broker's answers for partitions with messages of these times, the first of each at offset `low`. */
function broker(partitions: readonly { low: number; times: readonly number[] }[]) {
  const bounds: PartitionBounds[] = partitions.map(({ low, times }, partition) => ({
    topic: 't',
    partition,
    low,
    high: low + times.length,
  }));
  const at = async (_partitions: unknown, time: number): Promise<(number | undefined)[]> =>
    partitions.map(({ low, times }) => {
      const index = times.findIndex((each) => each >= time);
      return index < 0 ? undefined : low + index;
    });
  return { bounds, lookup: { at } };
}

const { bounds, lookup } = broker([
  { low: 10, times: [100, 200, 300] },
  { low: 0, times: [150] },
  { low: 5, times: [] },
]);
const resolved = async (request: object): Promise<unknown> =>
  (await resolveRanges(lookup, bounds, { now: 1000, ...request })).map(({ start, end }) => [start, end]);

describe('resolveRanges', () => {
  it.each<[string, object, unknown]>([
    [
      'everything, for ever',
      {},
      [
        [10, undefined],
        [0, undefined],
        [5, undefined],
      ],
    ],
    [
      'from what comes next',
      { from: 'latest' },
      [
        [13, undefined],
        [1, undefined],
        [5, undefined],
      ],
    ],
    [
      'to what is there now',
      { untilEnd: true },
      [
        [10, 13],
        [0, 1],
        [5, 5],
      ],
    ],
    [
      'since a time',
      { since: 160 },
      [
        [11, undefined],
        [1, undefined],
        [5, undefined],
      ],
    ],
    [
      'between two times',
      { since: 100, until: 200 },
      [
        [10, 11],
        [0, 1],
        [5, 5],
      ],
    ],
    [
      'until a time to come, which is no offset yet',
      { until: 2000 },
      [
        [10, undefined],
        [0, undefined],
        [5, undefined],
      ],
    ],
    [
      'a time before all',
      { until: 50 },
      [
        [10, 10],
        [0, 0],
        [5, 5],
      ],
    ],
    [
      'the last two',
      { tail: 2, untilEnd: true },
      [
        [11, 13],
        [1, 1],
        [5, 5],
      ],
    ],
    [
      'more than there are',
      { tail: 99 },
      [
        [10, undefined],
        [0, undefined],
        [5, undefined],
      ],
    ],
    [
      'none',
      { tail: 0, untilEnd: true },
      [
        [13, 13],
        [1, 1],
        [5, 5],
      ],
    ],
  ])('%s', async (_what, request, offsets) => {
    expect(await resolved(request)).toEqual(offsets);
  });

  it('--tail gives exactly so many, and none older than what it leaves out', async () => {
    const partition = fc.record({
      low: fc.nat(5),
      // Many messages of the same millisecond.
      times: fc
        .array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 })
        .map((times) => times.sort((a, b) => a - b)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(partition, { minLength: 1, maxLength: 4 }),
        fc.nat(30),
        async (partitions, tail) => {
          const made = broker(partitions);
          const ranges = await resolveRanges(made.lookup, made.bounds, { tail, untilEnd: true, now: 20 });
          const taken = ranges.flatMap(({ start, partition: p }) =>
            partitions[p]!.times.slice(start - partitions[p]!.low),
          );
          const left = ranges.flatMap(({ start, partition: p }) =>
            partitions[p]!.times.slice(0, start - partitions[p]!.low),
          );
          expect(taken).toHaveLength(Math.min(tail, partitions.flatMap(({ times }) => times).length));
          expect(Math.min(...taken, Infinity)).toBeGreaterThanOrEqual(Math.max(...left, -Infinity));
        },
      ),
    );
  });
});
