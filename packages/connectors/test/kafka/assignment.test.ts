import type { RawMessage } from '@apf/core';
import { Assignment } from '../../src/kafka/assignment.js';

const message = (partition: number, offset: number, timestamp?: number): RawMessage => ({
  topic: 'ztf',
  partition,
  offset,
  value: Buffer.from('x'),
  timestamp,
});
const offsets = (messages: readonly RawMessage[]): number[] => messages.map(({ offset }) => offset);

describe('Assignment', () => {
  const gaps: string[] = [];
  const make = (endTime?: number): Assignment =>
    new Assignment({ endTime, onGap: (held, from, to) => gaps.push(`${held.partition}: ${from}-${to}`) });
  beforeEach(() => gaps.splice(0));

  it('accepts all messages of its partitions without a copy', () => {
    const assignment = make();
    assignment.add({ topic: 'ztf', partition: 0 }, { next: 0 });
    const messages = [message(0, 0), message(0, 1)];
    expect(assignment.accept(messages)).toBe(messages);
    expect(assignment.get('ztf', 0)?.next).toBe(2);
  });

  it('drops messages of partitions that are not its own or are being revoked', () => {
    const assignment = make();
    for (const partition of [0, 1]) assignment.add({ topic: 'ztf', partition }, { next: 0 });
    const revoked = assignment.get('ztf', 1);
    if (revoked) revoked.revoking = true;
    const accepted = assignment.accept([message(0, 0), message(1, 0), message(2, 0), message(0, 1)]);
    expect(accepted.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(assignment.stillOurs([message(0, 2), message(1, 1), message(2, 1)])).toEqual([message(0, 2)]);
  });

  it('drops messages of a partition that was removed', () => {
    const assignment = make();
    assignment.add({ topic: 'ztf', partition: 0 }, { next: 0 });
    assignment.remove([{ topic: 'ztf', partition: 0 }]);
    expect(assignment.accept([message(0, 0)])).toEqual([]);
    expect(assignment.size).toBe(0);
  });

  it('ends a partition at its end offset, whatever comes behind it', () => {
    const assignment = make();
    assignment.add({ topic: 'ztf', partition: 0 }, { next: 0, end: 2 });
    expect(offsets(assignment.accept([message(0, 0), message(0, 1), message(0, 2), message(0, 3)]))).toEqual([
      0, 1,
    ]);
    expect(assignment.get('ztf', 0)?.done).toBe(true);
  });

  it('ends a partition at its first message of the end time, though older ones follow', () => {
    const assignment = make(1000);
    for (const partition of [0, 1]) assignment.add({ topic: 'ztf', partition }, { next: 0 });
    const messages = [message(0, 0, 999), message(0, 1, 1000), message(0, 2, 998), message(1, 0, 5)];
    expect(assignment.accept(messages)).toEqual([messages[0], messages[3]]);
    expect(assignment.all().map(({ done }) => done)).toEqual([true, false]);
  });

  it('has read a partition that begins at its end', () => {
    const assignment = make();
    assignment.add({ topic: 'ztf', partition: 0 }, { next: 5, end: 5 });
    expect(assignment.get('ztf', 0)?.done).toBe(true);
  });

  it('tells of skipped offsets, but not before the first offset is known', () => {
    const assignment = make();
    assignment.add({ topic: 'ztf', partition: 0 }, { next: 3 });
    assignment.add({ topic: 'ztf', partition: 1 }, {});
    assignment.accept([message(0, 3), message(0, 7), message(1, 50), message(1, 51)]);
    expect(gaps).toEqual(['0: 4-7']);
  });
});
