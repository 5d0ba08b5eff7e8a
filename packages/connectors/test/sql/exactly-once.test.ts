import { FatalError } from '@apf/core';
import { ENGINES } from './both-databases.js';
import { StoreFixture, at, change, transact } from './store-fixture.js';

let fixture: StoreFixture;
afterEach(() => fixture.close());

const P0 = { topic: 'ztf', partition: 0 };
const next = (offset: number) => [{ ...P0, offset }];
const add = (offset: number) => change(at(offset), 'upsert', 'counter', { id: 'all', n: 1 }, { add: 'n' });

describe.each(ENGINES)('on %s', (engine) => {
  beforeEach(async () => {
    fixture = await StoreFixture.make(engine, 'create table counter (id text primary key, n bigint)');
  });
  const count = async (): Promise<unknown> =>
    (await fixture.rows("select n from counter where id = 'all'"))[0]?.['n'];

  it('offsets in the database tell where to read on, and what was written before is passed over', async () => {
    const store = await fixture.open({ OFFSETS: 'database' });
    expect(await store.claim([P0, { topic: 'ztf', partition: 1 }])).toEqual([undefined, undefined]);
    await transact(store, { changes: [add(0), add(1)] }, next(2));
    // The same again, as after a commit whose answer was lost.
    await transact(store, { changes: [add(0), add(1)] }, next(2));
    await transact(store, { changes: [add(1), add(2)] }, next(3));
    expect(await count()).toBe(3n);
    const again = await fixture.open({ OFFSETS: 'database' });
    expect(await again.claim([P0])).toEqual([3]);
  });

  it('an owner who lost a partition writes nothing more for it', async () => {
    const old = await fixture.open({ OFFSETS: 'database' });
    await old.claim([P0, { topic: 'ztf', partition: 1 }]);
    await transact(old, { changes: [add(0)] }, next(1));
    const heir = await fixture.open({ OFFSETS: 'database' });
    expect(await heir.claim([P0])).toEqual([1]);
    const both = [...next(2), { topic: 'ztf', partition: 1, offset: 1 }];
    const ours = change(at(0, 1), 'upsert', 'counter', { id: 'other', n: 1 });
    await transact(old, { changes: [add(1), ours] }, both);
    expect(await fixture.rows('select id, n from counter order by id')).toEqual([
      { id: 'all', n: 1n },
      { id: 'other', n: 1n },
    ]);
    await transact(heir, { changes: [add(1)] }, next(2));
    expect(await count()).toBe(2n);
    expect(await heir.claim([P0])).toEqual([2]);
  });

  it('what is undone leaves neither rows nor offsets', async () => {
    const store = await fixture.open({ OFFSETS: 'database' });
    await store.claim([P0]);
    await store.begin(next(1));
    await store.write({ changes: [add(0)], marks: [] }, next(1));
    await store.abort();
    expect(await count()).toBeUndefined();
    expect(await store.claim([P0])).toEqual([undefined]);
  });

  it('a group keeps offsets of its own', async () => {
    const store = await fixture.open({ OFFSETS: 'database' });
    await store.claim([P0]);
    await transact(store, { changes: [] }, next(9));
    await fixture.rows("update apf_offsets set consumer = 'another'");
    expect(await store.claim([P0])).toEqual([undefined]);
  });

  it('alerts that are done are known, after a restart too, and in whatever topic they come again', async () => {
    const UNIQUE = { key: 'candid', ttl: 3600 };
    const store = await fixture.open({ UNIQUE });
    const mark = (offset: number, key: string) => ({ origin: at(offset), key });
    const keys = Array.from({ length: 1_200 }, (_, i) => String(2n ** 60n + BigInt(i)));
    await transact(store, { changes: [add(0)], marks: keys.map((key, i) => mark(i, key)) });
    const again = await fixture.open({ UNIQUE });
    const asked = [mark(5_000, keys[7]!), mark(5_001, 'new'), mark(5_002, keys[1_199]!)];
    expect(await again.seen(asked)).toEqual([true, false, true]);
  });

  it('of two processes with the same alert one writes', async () => {
    const UNIQUE = { key: 'candid', ttl: 3600 };
    const [first, second] = [await fixture.open({ UNIQUE }), await fixture.open({ UNIQUE })];
    for (const [store, offset] of [
      [first, 0],
      [second, 100],
    ] as const) {
      const counted = add(offset);
      await transact(store, { changes: [counted], marks: [{ origin: counted.origin, key: '7' }] });
    }
    expect(await count()).toBe(1n);
  });

  it('an alert is forgotten after its time', async () => {
    const store = await fixture.open({ UNIQUE: { key: 'candid', ttl: 0 } });
    const mark = { origin: at(0), key: '7' };
    await transact(store, { changes: [], marks: [mark] });
    expect(await store.seen([mark])).toEqual([false]);
    await transact(store, { changes: [], marks: [{ ...mark, origin: at(1) }] });
  });
});

it('a database that is not there is waited for, and then told of in one line', async () => {
  fixture = await StoreFixture.make('sqlite');
  const opening = fixture.open({ ENGINE: 'postgres', PARAMS: { HOST: '127.0.0.1', PORT: 1 } }, undefined, 0);
  await expect(opening).rejects.toEqual(
    new FatalError(
      'no PostgreSQL server takes connections at 127.0.0.1:1: start it, or correct DB_CONFIG.PARAMS.HOST and PORT',
    ),
  );
});
