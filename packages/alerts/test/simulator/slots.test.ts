import fc from 'fast-check';
import { Slots } from '../../src/simulator/slots.js';

describe('Slots', () => {
  it('gives each slot once, though a multiple of an interval may be rounded', () => {
    const interval = fc.double({ min: 0.5, max: 86_400_000, noNaN: true });
    const now = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });
    fc.assert(
      fc.property(interval, now, (ms, start) => {
        const slots = new Slots(ms);
        let last = slots.next(start).at;
        expect(last).toBeGreaterThan(start - 1);
        for (let i = 0; i < 5; i++) {
          const { at, skipped } = slots.next(last);
          expect([(at - last) / ms, skipped]).toEqual([expect.closeTo(1, 2), 0]);
          last = at;
        }
      }),
      { examples: [[333.3, 1_795_636_006_255]] },
    );
  });
});
