import { FakeClock } from '@apf/core/testing';
import fc from 'fast-check';
import { DecodeBudget } from '../../src/alerts/decode-budget';

describe('what may be decoded', () => {
  it('is everything of a slow stream', async () => {
    const clock = new FakeClock();
    const budget = new DecodeBudget(clock);
    for (let i = 0; i < 100; i++) {
      expect(budget.choose(20)).toEqual(Array.from({ length: 20 }, (_, n) => n));
      await clock.advance(100);
    }
  });

  it('is so many a second of a fast one, spread evenly, the last among them', async () => {
    const clock = new FakeClock();
    const budget = new DecodeBudget(clock);
    budget.choose(600);
    expect(budget.choose(1_000)).toEqual([]);
    await clock.advance(500);
    expect(budget.choose(1_000)).toEqual(Array.from({ length: 100 }, (_, i) => 10 * i + 9));
  });

  it('is each message once at most, in order', () => {
    const lists = fc.array(fc.nat({ max: 2_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(lists, (counts) => {
        const budget = new DecodeBudget(new FakeClock());
        for (const count of counts) {
          const chosen = budget.choose(count);
          expect(chosen.every((index, i) => index > (chosen[i - 1] ?? -1) && index < count)).toBe(true);
          if (chosen.length > 0) expect(chosen.at(-1)).toBe(count - 1);
        }
      }),
    );
  });
});
