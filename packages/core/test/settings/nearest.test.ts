import fc from 'fast-check';
import { distance, nearest } from '../../src/settings/nearest.js';

describe('nearest', () => {
  it.each([
    ['TOPCIS', 'TOPICS'],
    ['topics', 'TOPICS'],
    ['consume_message', 'consume.messages'],
    ['xyz', undefined],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['TOPICS', 'TOPIC_STRATEGY', 'consume.messages', 'consume.timeout'])).toBe(expected);
  });

  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['flaw', 'lawn', 2],
  ])('counts the edits from %s to %s', (from, to, edits) => {
    expect(distance(from, to)).toBe(edits);
  });

  it('is zero for the same word only, the same both ways, and at most the longer word', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (from, to) => {
        const edits = distance(from, to);
        expect(edits === 0).toBe(from === to);
        expect(edits).toBe(distance(to, from));
        expect(edits).toBeLessThanOrEqual(Math.max(from.length, to.length));
      }),
    );
  });
});
