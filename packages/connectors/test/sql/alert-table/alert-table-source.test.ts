import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  END,
  FatalError,
  parseSchema,
  PoisonError,
  type RawMessage,
  silent,
  systemClock,
  type TableModel,
  UsageError,
} from '@apf/core';
import {
  type AlertCheckpoint,
  AlertTableSource,
  FileCheckpoint,
  migrate,
  openDatabase,
  type SqlDatabase,
  TableCheckpoint,
} from '../../../src/sql/index.js';
import { ENGINES, freshDatabase } from '../both-databases.js';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'objectId', type: 'string' },
    { name: 'tag', type: 'string' },
  ],
});

/** The tables as far as this reads them, with two columns that somebody added to what was received. */
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
      { name: 'oid', type: 'text', nullable: true },
      { name: 'time', type: 'timestamp', nullable: true },
      { name: 'schema_id', type: 'text', nullable: false },
      { name: 'payload', type: 'bytes', nullable: false },
      { name: 'cdsxmatch', type: 'text', nullable: true },
      { name: 'distance', type: 'double', nullable: true },
      { name: 'tag', type: 'text', nullable: true },
      { name: 'status', type: 'text', nullable: true },
      { name: 'ingested_seq', type: 'int64', nullable: false, filled: 'sequence' },
      { name: 'ingested_xid', type: 'int64', nullable: false, filled: 'transaction' },
    ],
    key: ['candid'],
    indexes: [{ columns: ['ingested_xid', 'ingested_seq'] }],
  },
];
const { signal } = new AbortController();

let folder: string;
let database: SqlDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apf-alert-table-'));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function fresh(engine: (typeof ENGINES)[number]): Promise<void> {
  database = await openDatabase(await freshDatabase(engine));
  await migrate(database, TABLES, 'alerts');
  await database.kysely.insertInto('schema').values({ id: schema.fingerprint, text: schema.json }).execute();
}

const row = (candid: number, more: object = {}): object => ({
  candid,
  oid: `ZTF${candid}`,
  schema_id: schema.fingerprint,
  payload: schema.encode({ candid: BigInt(candid), objectId: `ZTF${candid}`, tag: 'own' }),
  ...more,
});
const insert = async (...rows: object[]): Promise<void> => {
  for (const each of rows) await database.kysely.insertInto('alert').values(each).execute();
};

type Options = Partial<ConstructorParameters<typeof AlertTableSource>[0]>;

async function opened(options: Options = {}): Promise<AlertTableSource> {
  const source = new AlertTableSource({
    database,
    checkpoint: new FileCheckpoint(join(folder, 'checkpoint.json'), database.where),
    once: true,
    logger: silent,
    clock: systemClock,
    ...options,
  });
  await source.open();
  return source;
}

async function readAll(source: AlertTableSource, max = 2): Promise<RawMessage[]> {
  const messages: RawMessage[] = [];
  for (;;) {
    const polled = await source.poll(max, signal);
    if (polled === END) return messages;
    messages.push(...polled);
  }
}

const keys = (messages: readonly RawMessage[]): unknown[] => messages.map(({ key }) => key);
const upTo = (message: RawMessage | undefined): [{ topic: string; partition: number; offset: number }] => [
  { topic: 'alert', partition: 0, offset: (message?.offset ?? -1) + 1 },
];

describe.each(ENGINES)('the table alert of %s', (engine) => {
  const checkpoints: [string, () => AlertCheckpoint][] = [
    ['file', () => new FileCheckpoint(join(folder, 'deep', 'checkpoint.json'), database.where)],
    ['table', () => new TableCheckpoint(database, 'fink')],
  ];

  it.each(checkpoints)(
    'goes on behind what was committed, by a checkpoint in a %s',
    async (_, checkpoint) => {
      await fresh(engine);
      await insert(row(3), row(1), row(2));
      const first = await opened({ checkpoint: checkpoint() });
      const messages = await readAll(first);
      expect(keys(messages)).toEqual(['ZTF3', 'ZTF1', 'ZTF2']);
      expect(messages.map(({ offset }) => offset)).toEqual([0, 1, 2]);
      // The last is not done: it comes again, under the same number.
      await first.commit(upTo(messages[1]));
      await insert(row(4));
      const again = await readAll(await opened({ checkpoint: checkpoint() }));
      expect(keys(again)).toEqual(['ZTF2', 'ZTF4']);
      expect(again.map(({ offset }) => offset)).toEqual([2, 3]);
    },
  );

  it('gives the alert with the columns that were added to the table, its own fields first', async () => {
    await fresh(engine);
    await insert(row(1, { cdsxmatch: 'RRLyr', distance: 0.25, tag: 'column', status: 'new' }), row(2));
    const source = await opened({ mark: { column: 'status', value: 'distributed' } });
    const alerts = (await readAll(source)).flatMap((message) => source.codec.decode(message.value!, message));
    expect(alerts.map(({ value }) => value)).toEqual([
      { candid: 1n, objectId: 'ZTF1', tag: 'own', cdsxmatch: 'RRLyr', distance: 0.25 },
      { candid: 2n, objectId: 'ZTF2', tag: 'own', cdsxmatch: null, distance: null },
    ]);
    const written = alerts[0]!.schema!;
    expect(written.decoder().decode(written.encode(alerts[0]!.value))).toEqual(alerts[0]!.value);
    expect(alerts[1]!.schema).toBe(written);
    // Its bytes are those of the alert, and the columns' behind them: nothing is written anew.
    const again = await opened({ mark: { column: 'status', value: 'distributed' } });
    for (const [i, each] of (await readAll(again)).entries()) {
      again.codec.decode(each.value!, each);
      const bytes = again.codec.written!(each, 0);
      expect(bytes!.schema.encode(alerts[i]!.value).equals(bytes!.bytes)).toBe(true);
    }
  });

  it('marks the rows that were sent, once they are committed, and passes over marked ones', async () => {
    await fresh(engine);
    await insert(row(1), row(2), row(3));
    const mark = { column: 'status', value: 'distributed' };
    const first = await opened({ mark });
    const messages = await readAll(first);
    for (const message of [messages[0]!, messages[2]!]) first.markSent(message);
    await first.commit(upTo(messages[1]));
    const statuses = async (): Promise<unknown[]> =>
      (await database.kysely.selectFrom('alert').select('status').orderBy('candid').execute()).map(
        ({ status }) => status as unknown,
      );
    expect(await statuses()).toEqual(['distributed', null, null]);
    expect(keys(await readAll(await opened({ mark, since: 'beginning' })))).toEqual(['ZTF2', 'ZTF3']);
  });

  it('begins with the first row, or with those of a time, where it is told to', async () => {
    await fresh(engine);
    const time = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));
    await insert(row(1, { time: time(1) }), row(2, { time: time(2) }), row(3, { time: time(3) }), row(4));
    const first = await opened();
    await first.commit(upTo((await readAll(first)).at(-1)));
    expect(await readAll(await opened())).toEqual([]);
    expect(keys(await readAll(await opened({ since: 'beginning' })))).toHaveLength(4);
    expect(keys(await readAll(await opened({ since: time(2) })))).toEqual(['ZTF2', 'ZTF3', 'ZTF4']);
  });

  it('does not take what was stored behind an alert for a part of it', async () => {
    await fresh(engine);
    const payload = Buffer.concat([(row(1) as { payload: Buffer }).payload, Buffer.from('more')]);
    await insert(row(1, { payload }));
    const source = await opened();
    const [message] = await readAll(source);
    expect(source.codec.decode(message!.value!, message)).toMatchObject([{ value: { candid: 1n } }]);
    expect(source.codec.written!(message!, 0)).toBeUndefined();
  });

  it('has one alert set aside that cannot be decoded, not those behind it', async () => {
    await fresh(engine);
    await insert(row(1, { payload: Buffer.from([1]) }), row(2, { schema_id: 'gone' }), row(3));
    const source = await opened();
    const [broken, unknown, good] = await readAll(source);
    expect(() => source.codec.decode(broken!.value!, broken)).toThrow(PoisonError);
    expect(() => source.codec.decode(unknown!.value!, unknown)).toThrow(PoisonError);
    expect(source.codec.decode(good!.value!, good)).toMatchObject([{ value: { candid: 3n } }]);
  });

  it.each(['payload', 'schema_id', 'candid', 'time', 'ingested_seq', 'PAYLOAD'])(
    'refuses to write a mark over what was received: %s',
    async (column) => {
      await fresh(engine);
      await expect(opened({ mark: { column, value: '1' } })).rejects.toThrow(UsageError);
    },
  );

  it('refuses a checkpoint that alerts to come would stand before, unless it is told where to begin', async () => {
    await fresh(engine);
    const checkpoint = new FileCheckpoint(join(folder, 'old.json'), database.where);
    await checkpoint.write({ xid: engine === 'sqlite' ? 0n : 2n ** 50n, seq: 9n, count: 9 });
    const refused = async (): Promise<void> => {
      const error: unknown = await opened({ checkpoint }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(FatalError);
      for (const named of [checkpoint.where, database.where, '--since beginning', '--checkpoint'])
        expect((error as Error).message).toContain(named);
    };
    await refused();
    await insert(row(1));
    await refused();
    const source = await opened({ checkpoint, since: 'beginning' });
    const messages = await readAll(source);
    expect(keys(messages)).toEqual(['ZTF1']);
    await source.commit(upTo(messages[0]));
    await insert(row(2));
    expect(keys(await readAll(await opened({ checkpoint })))).toEqual(['ZTF2']);
  });

  it('goes on where all alerts that were read have been deleted, and where there was none', async () => {
    await fresh(engine);
    const checkpoint = new FileCheckpoint(join(folder, 'kept.json'), database.where);
    await checkpoint.write({ xid: 0n, seq: 0n, count: 0 });
    expect(await readAll(await opened({ checkpoint }))).toEqual([]);
    await insert(row(1), row(2));
    const first = await opened({ checkpoint });
    await first.commit(upTo((await readAll(first)).at(-1)));
    await database.kysely.deleteFrom('alert').execute();
    expect(await readAll(await opened({ checkpoint }))).toEqual([]);
    await insert(row(3));
    expect(keys(await readAll(await opened({ checkpoint })))).toEqual(['ZTF3']);
  });

  it('says which table or column is missing', async () => {
    await fresh(engine);
    await expect(opened({ mark: { column: 'sent', value: 'x' } })).rejects.toThrow(
      /has no column 'sent' to mark/,
    );
    await database.kysely.schema.dropTable('alert').execute();
    await expect(opened()).rejects.toThrow(/has no table 'alert'.*apf db init --model light-curve/);
  });
});

describe('the table alert of sqlite', () => {
  it('has an alert set aside whose payload is no bytes', async () => {
    await fresh('sqlite');
    await insert(row(1, { payload: '1' }), row(2));
    const source = await opened();
    const [text, good] = await readAll(source);
    expect(() => source.codec.decode(text!.value!, text)).toThrow(
      new PoisonError(`the payload of the alert 1 in ${database.where} is no bytes`),
    );
    expect(source.codec.decode(good!.value!, good)).toMatchObject([{ value: { candid: 2n } }]);
  });
});

describe('the table alert of postgres with two writers', () => {
  it('skips no row where the one that inserted first commits last', async () => {
    await fresh('postgres');
    const { kysely } = database;
    let commitFirst = (): void => undefined;
    const mayCommit = new Promise<void>((resolve) => (commitFirst = resolve));
    let hasInserted = (): void => undefined;
    const inserted = new Promise<void>((resolve) => (hasInserted = resolve));
    const slow = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('alert').values(row(1)).execute();
      hasInserted();
      await mayCommit;
    });
    await inserted;
    await insert(row(2));
    const first = await opened();
    const early = await readAll(first);
    await first.commit(upTo(early.at(-1)));
    commitFirst();
    await slow;
    const late = await readAll(await opened());
    expect(keys([...early, ...late]).sort()).toEqual(['ZTF1', 'ZTF2']);
  });
});

describe('a checkpoint file', () => {
  beforeEach(async () => fresh('sqlite'));
  const path = (): string => join(folder, 'checkpoint.json');

  it('is about one database', async () => {
    await new FileCheckpoint(path(), 'here').write({ xid: 0n, seq: 2n ** 62n, count: 7 });
    expect(await new FileCheckpoint(path(), 'here').read()).toEqual({ xid: 0n, seq: 2n ** 62n, count: 7 });
    await expect(new FileCheckpoint(path(), 'there').read()).rejects.toThrow(UsageError);
  });

  it('is no folder', async () => {
    await expect(new FileCheckpoint(folder, 'here').read()).rejects.toThrow(
      `the checkpoint ${folder} is a folder: name a file`,
    );
  });

  it.each(['', '{', '{"database":"here","xid":"1","seq":"x","count":1}', 'null'])(
    'that is damaged is not taken for a new one: %j',
    async (text) => {
      writeFileSync(path(), text);
      await expect(new FileCheckpoint(path(), 'here').read()).rejects.toThrow(FatalError);
      expect(readFileSync(path(), 'utf8')).toBe(text);
    },
  );
});
