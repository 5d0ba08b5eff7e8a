import { MOMENT_FIELDS, momentOf, valueAt } from '../src/alert-moment.js';
import { parseSchema, readContainer, writeContainer } from '@apf/core';

describe('momentOf', () => {
  it("reads each survey's own time and id", () => {
    expect(momentOf({ diaSource: { midPointTai: 59582.0513, diaSourceId: 2260000n } })).toEqual({
      time: 59582.0513,
      id: 2260000n,
    });
    expect(momentOf({ diaSource: { midpointMjdTai: 60000.5, diaSourceId: 2n ** 60n + 1n } })).toEqual({
      time: 60000.5,
      id: 2n ** 60n + 1n,
    });
    const { time, id } = momentOf({ candid: 7n, candidate: { jd: 2459582.5 } })!;
    // 2022-01-03 12:00 UTC is 37 s later in TAI.
    expect((time - 59582) * 86_400).toBeCloseTo(37, 4);
    expect(id).toBe(7n);
  });

  it('has nothing to say of what has no time', () => {
    for (const alert of [
      null,
      {},
      { candidate: null },
      { diaSource: { midPointTai: NaN } },
      { candidate: { jd: '1' } },
      { probabilities: { SN: 1 } },
    ]) {
      expect(momentOf(alert)).toBeUndefined();
    }
    expect(momentOf({ diaSource: { midPointTai: 1 } })).toEqual({ time: 1, id: null });
  });

  it('needs no more of an alert than MOMENT_FIELDS, which any schema takes', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'alert',
      fields: [
        { name: 'candid', type: 'long' },
        {
          name: 'candidate',
          type: { type: 'record', name: 'c', fields: [{ name: 'jd', type: 'double' }] },
        },
        { name: 'stamp', type: 'bytes' },
      ],
    });
    const bytes = writeContainer(schema, [
      { candid: 5n, candidate: { jd: 2459000.5 }, stamp: Buffer.from('x') },
    ]);
    const [alert] = readContainer(bytes, { fields: MOMENT_FIELDS }).records;
    expect(momentOf(alert)).toMatchObject({ id: 5n });
    expect(alert).not.toHaveProperty('stamp');
  });
});

describe('valueAt', () => {
  it('takes own fields only', () => {
    expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1);
    expect(valueAt({ a: { b: 1 } }, 'a.toString')).toBeUndefined();
    expect(valueAt({ a: null }, 'a.b')).toBeUndefined();
  });
});
