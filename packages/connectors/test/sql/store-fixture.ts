import {
  type DatabaseWork,
  type Logger,
  type Position,
  type RawMessage,
  type Refused,
  type ResolvedDatabase,
  type Row,
  type RowChange,
  type RowOptions,
  silent,
  systemClock,
} from '@apf/core';
import { message } from '@apf/core/testing';
import { sql } from 'kysely';
import { openDatabase, type SqlDatabase } from '../../src/sql/open-database.js';
import { resultsTable } from '../../src/sql/results-table.js';
import { SqlStore } from '../../src/sql/write/sql-store.js';
import { freshDatabase } from './both-databases.js';

type Engine = SqlDatabase['engine'];

/** An empty database with these tables, and what it takes to write to it. */
export class StoreFixture {
  readonly stores: SqlStore[] = [];

  private constructor(
    readonly engine: Engine,
    readonly config: Partial<ResolvedDatabase>,
    readonly database: SqlDatabase,
  ) {}

  /** @param tables statements; `{json}`, `{bytes}` and `{time}` stand for the engine's own types */
  static async make(engine: Engine, ...tables: string[]): Promise<StoreFixture> {
    const config = await freshDatabase(engine);
    const database = await openDatabase(config);
    const types =
      engine === 'sqlite'
        ? { json: 'JSON TEXT', bytes: 'BLOB', time: 'TIMESTAMP TEXT' }
        : { json: 'jsonb', bytes: 'bytea', time: 'timestamptz' };
    for (const table of tables) {
      await sql
        .raw(table.replaceAll(/\{(json|bytes|time)\}/g, (_, type: keyof typeof types) => types[type]))
        .execute(database.kysely);
    }
    return new StoreFixture(engine, config, database);
  }

  /** A process that writes to it. */
  async open(
    config: Partial<ResolvedDatabase> = {},
    logger: Logger = silent,
    openTimeout = 30_000,
  ): Promise<SqlStore> {
    const all: ResolvedDatabase = { ENGINE: 'sqlite', OFFSETS: 'broker', ...this.config, ...config };
    const store = new SqlStore({
      config: all,
      results: resultsTable(all, '.'),
      folder: '.',
      consumer: 'group',
      logger,
      clock: systemClock,
      openTimeout,
    });
    this.stores.push(store);
    await store.open();
    return store;
  }

  async rows(query: string): Promise<Row[]> {
    return (await sql.raw<Row>(query).execute(this.database.kysely)).rows;
  }

  async close(): Promise<void> {
    for (const store of this.stores) await store.close();
    await this.database.close();
  }
}

export const at = (offset: number, partition = 0): RawMessage =>
  message({}, { topic: 'ztf', partition, offset });

export function change(
  origin: RawMessage,
  kind: RowChange['kind'],
  table: string | undefined,
  row: Row,
  options: RowOptions = {},
): RowChange {
  return { origin, kind, table, row, options };
}

/** One transaction, from its beginning to its commit. */
export async function transact(
  store: SqlStore,
  work: Partial<DatabaseWork>,
  next: readonly Position[] = [],
): Promise<readonly Refused[]> {
  try {
    await store.begin(next);
    const refused = await store.write({ changes: [], marks: [], ...work }, next);
    await store.commit(next);
    return refused;
  } catch (thrown) {
    await store.abort();
    throw thrown;
  }
}
