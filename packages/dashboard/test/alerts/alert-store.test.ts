import { AlertStore } from '../../src/alerts/alert-store';
import { keptAlert } from '../../src/alerts/kept-alert';

const add = (store: AlertStore, topic: string, offset: number, bytes = 10, value: unknown = {}): void =>
  store.add(
    keptAlert(
      topic,
      { topic, partition: 0, offset, value: Buffer.alloc(bytes), timestamp: offset },
      0,
      value,
      undefined,
    ),
  );

describe('the alerts that are kept', () => {
  it('are the last thousand of each topic', () => {
    const store = new AlertStore();
    for (let offset = 0; offset < 1_500; offset++) add(store, 'fast', offset);
    add(store, 'slow', 7);
    expect(store.all('fast')).toHaveLength(1_000);
    expect(store.all('fast')[0]!.at.offset).toBe(500);
    expect(store.all('slow')).toHaveLength(1);
    expect(store.all()).toHaveLength(1_001);
    expect(store.all('none')).toEqual([]);
    expect(store.at({ topic: 'fast', partition: 0, offset: 499, record: 0 })).toBeUndefined();
    expect(store.at({ topic: 'fast', partition: 0, offset: 500, record: 0 })).toBeDefined();
  });

  it('take no more than so many bytes: what has the most gives way', () => {
    const store = new AlertStore();
    add(store, 'small', 0);
    for (let offset = 0; offset < 20; offset++) add(store, 'large', offset, 10_000_000);
    expect(store.all('small')).toHaveLength(1);
    expect(store.all('large')).toHaveLength(13);
  });

  it('of one file share its bytes', () => {
    const store = new AlertStore();
    const message = { topic: 'file', partition: 0, offset: 0, value: Buffer.alloc(10_000_000) };
    for (let record = 0; record < 100; record++) store.add(keptAlert('file', message, record, {}, undefined));
    expect(store.all('file')).toHaveLength(100);
    // What is dropped by and by frees them once, with the last that holds them.
    for (let offset = 0; offset < 20; offset++) add(store, 'file', offset, 10_000_000);
    expect(store.all('file')).toHaveLength(13);
  });

  it('come in the order of their messages, or, of files, of their own times', () => {
    const store = new AlertStore();
    for (const offset of [3, 1, 2]) add(store, 'topic', offset);
    expect(store.all('topic').map(({ at }) => at.offset)).toEqual([1, 2, 3]);
    for (const [offset, jd] of [2_461_000.5, 2_457_400.5, 2_461_000.4].entries()) {
      const message = { topic: 'file', partition: 0, offset, value: Buffer.alloc(1) };
      store.add(keptAlert('file', message, 0, { candid: BigInt(offset), candidate: { jd } }, undefined));
    }
    expect(store.all('file').map(({ at }) => at.offset)).toEqual([1, 2, 0]);
    // 2015-01-12 12:00 UTC is JD 2457035.0 (TAI is 35 s ahead of it).
    const message = { topic: 'file', partition: 0, offset: 9, value: Buffer.alloc(1) };
    const { time } = keptAlert('file', message, 0, { candid: 9n, candidate: { jd: 2_457_035 } }, undefined);
    expect(Math.abs(time - Date.UTC(2015, 0, 12, 12))).toBeLessThan(40_000);
  });

  it('come before what a classifier says of them', () => {
    const store = new AlertStore();
    add(store, 'classes', 0, 1, { objectId: 'x', candid: 11n, probabilities: { SN: 1 } });
    add(store, 'alerts', 1, 1, { objectId: 'x', candid: 11n, candidate: { ra: 1, dec: 2 } });
    add(store, 'classes', 2, 1, { objectId: 'x', candid: 11n, probabilities: { SN: 1 } });
    expect([store.named('11'), store.named('x')].map((alert) => alert!.at.offset)).toEqual([1, 1]);
  });

  it('are found by their id before they are by their object, and of an object the last', () => {
    const store = new AlertStore();
    add(store, 'a', 0, 1, { objectId: '11', candid: 1n });
    add(store, 'a', 1, 1, { objectId: 'x', candid: 11n });
    add(store, 'a', 2, 1, { objectId: 'x', candid: 12n });
    expect(store.named('11')!.at.offset).toBe(1);
    expect(store.named('x')!.at.offset).toBe(2);
    expect(store.named('y')).toBeUndefined();
  });
});
