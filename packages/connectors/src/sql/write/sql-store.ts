import {
  type Clock,
  type Database,
  type DatabaseWork,
  FatalError,
  type Logger,
  type Mark,
  PoisonError,
  type Position,
  type RawMessage,
  type Refused,
  type ResolvedDatabase,
  RetryableError,
  type Row,
  type RowChange,
  type TableModel,
  type TopicPartition,
  toError,
} from '@apf/core';
import { CompiledQuery } from 'kysely';
import { openDatabase, type SqlDatabase } from '../open-database.js';
import { sqlError } from '../sql-error.js';
import { typeName } from '../tables/column-types.js';
import { migrate } from '../tables/migrate.js';
import { readTable } from '../tables/read-table.js';
import { OFFSETS_TABLE, OffsetsLedger, offsetsTable } from './offsets-ledger.js';
import { type KnownTable, knownTable, planOperations, type ResultsTable } from './plan-operations.js';
import { SEEN_TABLE, SeenAlerts, seenTable } from './seen-alerts.js';
import type { Session } from './session.js';

export interface SqlStoreOptions {
  readonly config: ResolvedDatabase;
  /** To which paths in `config` are relative. */
  readonly folder: string;
  /** The table of results, to be made where there is none. */
  readonly results?: TableModel | undefined;
  /** Under which name offsets and marks are kept: the group id. */
  readonly consumer: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long `open` waits for a server, in ms. @default 30000 */
  readonly openTimeout?: number;
}

/** Between two tries to open, in ms. */
const AGAIN = 1_000;
/** `UNIQUE.ttl` in seconds. */
const TTL = 7 * 24 * 3_600;

/** The database of a run: rows, and with them offsets and marks, in one transaction. */
export class SqlStore implements Database {
  readonly takesResults: boolean;
  readonly keepsOffsets: boolean;
  readonly uniqueKey: string | undefined;
  #database!: SqlDatabase;
  #session!: Session;
  readonly #ledger: OffsetsLedger | undefined;
  readonly #seen: SeenAlerts | undefined;
  readonly #results: ResultsTable | undefined;
  readonly #tables = new Map<string, KnownTable>();
  /** One transaction at a time on the one connection: who comes next, and how the present one lets go. */
  #turn: Promise<void> = Promise.resolve();
  #endTurn: () => void = nothing;
  /** The commit has found a row that cannot stay: next time each message is checked by itself. */
  #cautious = false;

  constructor(private readonly options: SqlStoreOptions) {
    const { config, consumer, logger, clock } = options;
    const { TABLE, KEY, ON_CONFLICT, OFFSETS, UNIQUE } = config;
    this.takesResults = TABLE !== undefined;
    this.keepsOffsets = OFFSETS === 'database';
    this.uniqueKey = UNIQUE?.key;
    this.#ledger = this.keepsOffsets ? new OffsetsLedger(consumer, logger, clock) : undefined;
    this.#seen = UNIQUE && new SeenAlerts(consumer, (UNIQUE.ttl ?? TTL) * 1_000);
    this.#results =
      TABLE === undefined
        ? undefined
        : {
            table: TABLE,
            kind: ON_CONFLICT === 'ignore' ? 'insert' : 'upsert',
            options: KEY === undefined ? {} : { key: KEY },
          };
  }

  async open(): Promise<void> {
    const { config, folder } = this.options;
    this.#database = await this.#patiently(() => openDatabase(config, folder, { makeFolder: true }));
    this.#session = await newSession(config, folder);
    await this.#patiently(() => this.#makeTables());
    await this.#patiently(() => this.#makeResults());
    const { table } = this.#results ?? {};
    if (table !== undefined) this.#tables.set(table, await this.#patiently(() => this.#look(table)));
  }

  async claim(partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]> {
    const ledger = this.#ledger;
    if (!ledger || partitions.length === 0) return partitions.map(() => undefined);
    const endTurn = await this.#takeTurn();
    try {
      await this.#session.begin();
      return await ledger.claim(this.#session, partitions);
    } catch (thrown) {
      await this.#session.rollback();
      throw thrown;
    } finally {
      endTurn();
    }
  }

  async seen(marks: readonly Mark[]): Promise<readonly boolean[]> {
    const now = this.options.clock.now();
    return this.#seen ? this.#seen.known((sql, values) => this.query(sql, values), marks, now) : [];
  }

  async begin(next: readonly Position[]): Promise<void> {
    this.#endTurn = await this.#takeTurn();
    await this.#begin(next);
  }

  async write(work: DatabaseWork, next: readonly Position[]): Promise<readonly Refused[]> {
    const { changes, marks } = this.#stillToDo(work);
    if (!this.#cautious) {
      try {
        await this.#apply(changes, marks);
        return [];
      } catch (thrown) {
        if (!(thrown instanceof PoisonError)) throw thrown;
        // A table may have got new columns since it was looked at.
        this.#tables.clear();
        await this.#session.rollback();
        await this.#begin(next);
      }
    }
    return this.#bisect(byMessage(changes, marks));
  }

  async commit(next: readonly Position[]): Promise<void> {
    const { clock } = this.options;
    await this.#ledger?.advance(this.#session, next);
    await this.#seen?.clean(this.#session, clock.now());
    try {
      await this.#session.commit();
    } catch (thrown) {
      if (!(thrown instanceof PoisonError)) throw thrown;
      this.#cautious = true;
      throw new RetryableError(`a constraint that waits for the commit is broken: ${thrown.message}`, 0, {
        code: 'APF_ROW',
        cause: thrown,
      });
    }
    this.#cautious = false;
    this.#endTurn();
  }

  async abort(): Promise<void> {
    await (this.#session as Session | undefined)?.rollback();
    this.#endTurn();
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#database.kysely.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
      return rows;
    } catch (error) {
      throw sqlError(this.#database, error);
    }
  }

  async close(): Promise<void> {
    // Where `open` failed there may be nothing to close.
    await (this.#session as Session | undefined)?.close();
    await (this.#database as SqlDatabase | undefined)?.close();
  }

  async #begin(next: readonly Position[]): Promise<void> {
    await this.#session.begin();
    const forUpdate = this.#database.engine === 'postgres' ? 'for update' : '';
    await this.#ledger?.lock(this.#session, next, forUpdate);
  }

  /** Without what was written before, or what is another owner's by now. */
  #stillToDo({ changes, marks }: DatabaseWork): DatabaseWork {
    const ledger = this.#ledger;
    if (!ledger) return { changes, marks };
    const open = ({ origin }: { readonly origin: RawMessage }): boolean => ledger.open(origin);
    return { changes: changes.filter(open), marks: marks.filter(open) };
  }

  async #apply(changes: readonly RowChange[], marks: readonly Mark[]): Promise<void> {
    const elsewhere = await this.#note(marks);
    const ours = elsewhere.size === 0 ? changes : changes.filter(({ origin }) => !elsewhere.has(origin));
    await this.#know(ours);
    for (const operation of planOperations(ours, this.#tables, this.#results)) {
      await this.#session.apply(operation);
    }
  }

  /** Notes what is done. @returns messages whose alerts another process has done meanwhile */
  async #note(marks: readonly Mark[]): Promise<ReadonlySet<RawMessage>> {
    if (!this.#seen || marks.length === 0) return new Set();
    const lost = new Set(await this.#seen.note(this.#session, marks, this.options.clock.now()));
    const won = new Set(marks.filter((mark) => !lost.has(mark)).map(({ origin }) => origin));
    return new Set([...lost].map(({ origin }) => origin).filter((origin) => !won.has(origin)));
  }

  /** Finds the messages that can never be written by halving, and writes the others. */
  async #bisect(messages: readonly MessageWork[]): Promise<Refused[]> {
    if (messages.length === 0) return [];
    await this.#session.savepoint();
    try {
      await this.#apply(
        messages.flatMap(({ changes }) => changes),
        messages.flatMap(({ marks }) => marks),
      );
      await this.#session.release(this.#cautious);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof PoisonError)) throw thrown;
      await this.#session.undo();
      const [only] = messages;
      if (only && messages.length === 1) {
        return [{ outgoing: { value: only.changes[0]?.row, origin: only.origin }, error: thrown }];
      }
      const middle = messages.length >> 1;
      const first = await this.#bisect(messages.slice(0, middle));
      return [...first, ...(await this.#bisect(messages.slice(middle)))];
    }
  }

  /** Looks at tables that are named for the first time. */
  async #know(changes: readonly RowChange[]): Promise<void> {
    let last: string | undefined;
    for (const { table = this.#results?.table ?? '' } of changes) {
      if (table !== last && !this.#tables.has(table)) this.#tables.set(table, await this.#look(table));
      last = table;
    }
  }

  async #look(name: string): Promise<KnownTable> {
    const database = this.#database;
    const found = await this.#ask(() => readTable(database, database.kysely, name));
    if (found) return knownTable(found);
    throw new FatalError(
      `there is no table ${JSON.stringify(name)} in the database ${database.where}: make it with \`apf db init\`, or correct its name`,
      { code: 'APF_DATABASE' },
    );
  }

  /** Tables of our own, where nobody has made them yet. */
  async #makeTables(): Promise<void> {
    const database = this.#database;
    const [text, integer, bigint] = (['text', 'int32', 'int64'] as const).map((type) =>
      typeName(database.engine, type),
    ) as [string, string, string];
    const wanted: [string, readonly string[]][] = [];
    if (this.#ledger) wanted.push([OFFSETS_TABLE, [offsetsTable(text, integer, bigint)]]);
    if (this.#seen) wanted.push([SEEN_TABLE, seenTable(text, bigint)]);
    for (const [name, statements] of wanted) {
      // Who may write to it need not have the right to make it.
      if (await this.#ask(() => readTable(database, database.kysely, name))) continue;
      for (const statement of statements) await this.query(statement, []);
    }
  }

  /** The table of results from its schema. One that is there is left as it is, whatever it looks like. */
  async #makeResults(): Promise<void> {
    const database = this.#database;
    const { results, logger } = this.options;
    if (!results || (await this.#ask(() => readTable(database, database.kysely, results.name)))) return;
    const made = await migrate(database, [results], `results: ${results.name}`);
    if (made) logger.info({ table: results.name, version: made.version }, `made the table '${results.name}'`);
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw sqlError(this.#database, error);
    }
  }

  /** A database may start after the step, and another worker may make the same tables. */
  async #patiently<T>(act: () => Promise<T>): Promise<T> {
    const { clock, logger, openTimeout = 30_000 } = this.options;
    const deadline = clock.now() + openTimeout;
    for (let said = false; ; said = true) {
      try {
        return await act();
      } catch (thrown) {
        const error = toError(thrown);
        const passes = error instanceof RetryableError || error instanceof PoisonError;
        if (!passes) throw error;
        if (clock.now() >= deadline) throw new FatalError(error.message, { code: error.code, cause: error });
        if (!said) logger.warn({ code: error.code }, `${error.message}; still trying`);
        await clock.sleep(AGAIN);
      }
    }
  }

  async #takeTurn(): Promise<() => void> {
    const before = this.#turn;
    let end = nothing;
    this.#turn = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  }
}

const nothing = (): void => undefined;

/** What came of one message. */
interface MessageWork {
  readonly origin: RawMessage;
  readonly changes: RowChange[];
  readonly marks: Mark[];
}

function byMessage(changes: readonly RowChange[], marks: readonly Mark[]): MessageWork[] {
  const all = new Map<RawMessage, MessageWork>();
  const of = (origin: RawMessage): MessageWork => {
    let work = all.get(origin);
    if (!work) all.set(origin, (work = { origin, changes: [], marks: [] }));
    return work;
  };
  for (const change of changes) of(change.origin).changes.push(change);
  for (const mark of marks) of(mark.origin).marks.push(mark);
  return [...all.values()];
}

async function newSession(config: ResolvedDatabase, folder: string): Promise<Session> {
  if (config.ENGINE === 'postgres') {
    const { PostgresSession } = await import('./postgres-session.js');
    return new PostgresSession(config.PARAMS ?? {}, folder);
  }
  const [{ SqliteSession }, { sqlitePath }] = await Promise.all([
    import('./sqlite-session.js'),
    import('../open-sqlite.js'),
  ]);
  return new SqliteSession(sqlitePath(config, folder));
}
