import fc from 'fast-check';
import { OffsetTimes } from '../../src/administration/offset-times.js';

/** A broker with these messages: the first that is not older than a time. */
function broker(times: readonly number[]): (time: number) => { offset: number; time: number } | undefined {
  return (time) => {
    const offset = times.findIndex((one) => one >= time);
    return offset < 0 ? undefined : { offset, time: times[offset]! };
  };
}

const NOW = 1_000_000_000;

describe('the times of offsets', () => {
  const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000_000 })), {
    minLength: 2,
    maxLength: 40,
  });

  it('are found by asking when, to a second or 5 % of the age, however unevenly messages come', () => {
    fc.assert(
      fc.property(gaps, fc.nat(), (between, choice) => {
        let time = NOW - between.reduce((left, right) => left + right, 0);
        const sent = between.map((gap) => (time += gap));
        const first = broker(sent);
        const offset = choice % (sent.length - 1);
        const times = new OffsetTimes();
        times.learn({ offset: sent.length - 1, time: sent.at(-1)! });
        const search = times.search(offset, NOW);
        let questions = 0;
        while (search && !search.ended && questions++ < 60) search.answer(first(search.question));
        expect(questions).toBeLessThan(60);
        const found = times.timeOf(offset)!;
        const tolerance = Math.max(1_000, 0.06 * (NOW - sent[offset]!));
        expect(Math.abs(found - sent[offset]!)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it('lie between those of their neighbours, and are unknown below what is known', () => {
    const times = new OffsetTimes();
    times.learn({ offset: 10, time: 5_000 });
    times.learn({ offset: 20, time: 6_000 });
    expect([5, 10, 15, 20, 25].map((offset) => times.timeOf(offset))).toEqual([
      undefined,
      5_000,
      5_500,
      6_000,
      6_000,
    ]);
  });

  it('are forgotten where the topic was made anew', () => {
    const times = new OffsetTimes();
    times.learn({ offset: 10, time: 5_000 });
    times.trim(0, 3);
    expect(times.timeOf(10)).toBeUndefined();
  });
});
