import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createCodec, FatalError, parseSchema, type RawMessage, type TableModel } from '@apf/core';
import { sql } from 'kysely';
import {
  type AlertCursor,
  FIRST_ALERT,
  migrate,
  openDatabase,
  type SqlDatabase,
  StoredAlerts,
} from '../../src/sql/index.js';
import { ENGINES, freshDatabase } from './both-databases.js';

/** The tables as the light-curve model has them, as far as alerts are stored. */
const TABLES: TableModel[] = [
  {
    name: 'schema',
    columns: [
      { name: 'id', type: 'text', nullable: false },
      { name: 'text', type: 'text', nullable: false },
    ],
    key: ['id'],
    indexes: [],
  },
  {
    name: 'alert',
    columns: [
      { name: 'candid', type: 'int64', nullable: false },
      { name: 'schema_id', type: 'text', nullable: false },
      { name: 'payload', type: 'bytes', nullable: false },
      { name: 'ingested_seq', type: 'int64', nullable: false, filled: 'sequence' },
      { name: 'ingested_xid', type: 'int64', nullable: false, filled: 'transaction' },
    ],
    key: ['candid'],
    indexes: [{ columns: ['ingested_xid', 'ingested_seq'] }],
  },
];

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'magpsf', type: ['double', 'null'] },
    { name: 'isdiffpos', type: ['null', 'string'] },
    { name: 'history', type: [{ type: 'array', items: ['null', 'long', 'double'] }, 'null'] },
    { name: 'stamp', type: 'bytes' },
  ],
});
const ALERTS = [
  {
    candid: 2n ** 60n + 1n,
    magpsf: NaN,
    isdiffpos: null,
    history: [1n, 1.5, null, NaN],
    stamp: Buffer.from([0, 255]),
  },
  { candid: -5n, magpsf: null, isdiffpos: 't', history: null, stamp: Buffer.alloc(0) },
  { candid: 7n, magpsf: -0, isdiffpos: '', history: [], stamp: Buffer.from('x') },
];

let database: SqlDatabase;
afterEach(async () => database.close());

async function fresh(engine: (typeof ENGINES)[number]): Promise<StoredAlerts> {
  database = await openDatabase(await freshDatabase(engine));
  await migrate(database, TABLES, 'alerts');
  await database.kysely.insertInto('schema').values({ id: schema.fingerprint, text: schema.json }).execute();
  return new StoredAlerts(database);
}

const row = (candid: bigint, payload = schema.encode({ ...ALERTS[0], candid })): object => ({
  candid,
  schema_id: schema.fingerprint,
  payload,
});

describe.each(ENGINES)('alerts stored in %s', (engine) => {
  it('decode to the same values: NaN, null branches, unions and bytes', async () => {
    const stored = await fresh(engine);
    for (const alert of ALERTS) {
      await database.kysely
        .insertInto('alert')
        .values(row(alert.candid, schema.encode(alert)))
        .execute();
    }
    for (const alert of ALERTS) {
      const found = await stored.find(alert.candid);
      expect(found!.alert).toEqual(alert);
      expect(found!.schema.fingerprint).toBe(schema.fingerprint);
    }
    expect(await stored.find(1n)).toBeUndefined();
  });

  it('are read on from a cursor, each once, in the order of their insertion', async () => {
    const stored = await fresh(engine);
    const ids = [30n, 10n, 20n, 5n, 40n];
    for (const candid of ids) await database.kysely.insertInto('alert').values(row(candid)).execute();
    // Written again, as after a crash: it keeps its place.
    await database.kysely
      .insertInto('alert')
      .values(row(10n))
      .onConflict((conflict) => conflict.column('candid').doUpdateSet({ schema_id: schema.fingerprint }))
      .execute();
    let cursor: AlertCursor = FIRST_ALERT;
    const read: bigint[] = [];
    for (;;) {
      const next = await stored.after(cursor, 2);
      if (next.length === 0) break;
      read.push(...next.map(({ candid }) => candid));
      cursor = next.at(-1)!.cursor;
    }
    expect(read).toEqual(ids);
  });

  it('whose schema is not there are named', async () => {
    const stored = await fresh(engine);
    await database.kysely
      .insertInto('alert')
      .values({ ...row(1n), schema_id: 'gone' })
      .execute();
    const error: unknown = await stored.find(1n).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain('the schema gone, which the table schema does not have');
  });
});

describe('alerts stored in postgres by two writers', () => {
  it('are not missed where the one that began first commits last', async () => {
    const stored = await fresh('postgres');
    const { kysely } = database;
    let commitFirst = (): void => undefined;
    const mayCommit = new Promise<void>((resolve) => (commitFirst = resolve));
    let hasInserted = (): void => undefined;
    const inserted = new Promise<void>((resolve) => (hasInserted = resolve));
    const slow = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('alert').values(row(1n)).execute();
      hasInserted();
      await mayCommit;
    });
    await inserted;
    await kysely.insertInto('alert').values(row(2n)).execute();
    expect(await sql`select candid from alert`.execute(kysely)).toMatchObject({ rows: [{ candid: 2n }] });
    // The second is there, but what is still open may come to stand before it.
    expect(await stored.after(FIRST_ALERT, 10)).toEqual([]);
    commitFirst();
    await slow;
    expect((await stored.after(FIRST_ALERT, 10)).map(({ candid }) => candid)).toEqual([1n, 2n]);
  });
});

const alertsFolder = process.env.APF_ALERTS;
if (!alertsFolder) console.warn('APF_ALERTS is not set: no real alert is stored');

(alertsFolder ? describe.each(ENGINES) : describe.skip.each(ENGINES))(
  'real alerts stored in %s',
  (engine) => {
    it.each(['fink-alert-simulator/datasim', 'kowalski/20231012', 'fink-broker/rubin_test_data_9_0_avro'])(
      'decode to the same values, images included: %s',
      async (folder) => {
        const stored = await fresh(engine);
        const codec = createCodec<object>({ framing: 'container' });
        const path = join(alertsFolder ?? '', folder);
        const files = readdirSync(path).filter((name) => name.endsWith('.avro'));
        for (const [i, file] of files.slice(0, 12).entries()) {
          const message: RawMessage = {
            topic: file,
            partition: 0,
            offset: 0,
            value: readFileSync(join(path, file)),
          };
          const [alert] = codec.decode(message.value!);
          const { schema: own, bytes } = codec.written!(message, 0)!;
          await database.kysely
            .insertInto('schema')
            .values({ id: own.fingerprint, text: own.json })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
          await database.kysely
            .insertInto('alert')
            .values({ candid: BigInt(i), schema_id: own.fingerprint, payload: Buffer.from(bytes) })
            .execute();
          // Jest's own comparison takes seconds for the bytes of an image.
          expect(isDeepStrictEqual((await stored.find(BigInt(i)))!.alert, alert)).toBe(true);
        }
      },
    );
  },
);
