import { type AvroSchema, type Decoder, FatalError, parseSchema, PoisonError } from '@apf/core';
import { sql } from 'kysely';
import type { SqlDatabase } from './open-database.js';
import { sqlError } from './sql-error.js';

/** How far a reader of `alert` has come. */
export interface AlertCursor {
  readonly xid: bigint;
  readonly seq: bigint;
}

/** Before the first row. */
export const FIRST_ALERT: AlertCursor = { xid: -1n, seq: -1n };

/** A row of `alert`. */
export interface StoredRow {
  readonly candid: bigint;
  /** The alert as it was received, Avro without any framing. */
  readonly payload: Buffer;
  readonly schemaId: string;
  /** All of its columns. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Where to read on after it. */
  readonly cursor: AlertCursor;
}

/** A row of `alert`, decoded. */
export interface StoredAlert<T = unknown> extends Pick<StoredRow, 'candid' | 'row' | 'cursor'> {
  /** The very values that the alert had when it was received. */
  readonly alert: T;
  readonly schema: AvroSchema;
  /** Whether the payload is its bytes and no more: a step that is not STRICT stores what follows them, too. */
  readonly exact: boolean;
}

/** Which rows of `alert` are wanted. */
export interface AlertSelection {
  /** Those whose messages are not older; those of unknown age too. */
  readonly since?: Date | undefined;
  /** Those that have not this value in this column. */
  readonly unmarked?: { readonly column: string; readonly value: string } | undefined;
}

interface KnownSchema {
  readonly schema: AvroSchema;
  readonly decoder: Decoder;
  readonly lenient: Decoder;
}

/** Reads the table `alert` of a light-curve database, and decodes what is stored with the schemas in `schema`. */
export class StoredAlerts {
  private readonly known = new Map<string, KnownSchema>();

  constructor(private readonly database: SqlDatabase) {}

  /** The alert of an id; undefined where there is none. */
  async find<T = unknown>(candid: bigint): Promise<StoredAlert<T> | undefined> {
    const [found] = await this.read(sql`where candid = ${candid}`, 1);
    return found && this.decoded<T>(found);
  }

  /**
   * The next alerts after a cursor, in the order in which they can be read without missing any: in PostgreSQL by
   * transaction, and only those older than every transaction that is still open, because one that began earlier may
   * commit later than what is there already; in SQLite, which has one writer at a time, as they were inserted.
   */
  async after<T = unknown>(cursor: AlertCursor, limit: number): Promise<StoredAlert<T>[]> {
    return (await this.rowsAfter(cursor, limit)).map((row) => this.decoded<T>(row));
  }

  /** As {@link after}, not decoded yet: {@link decoded} does it, row by row. */
  async rowsAfter(
    { xid, seq }: AlertCursor,
    limit: number,
    { since, unmarked }: AlertSelection = {},
  ): Promise<StoredRow[]> {
    const recent =
      since === undefined ? sql`` : sql`and (${sql.ref('time')} is null or ${sql.ref('time')} >= ${since})`;
    const mark =
      unmarked === undefined
        ? sql``
        : sql`and (${sql.ref(unmarked.column)} is null or ${sql.ref(unmarked.column)} <> ${unmarked.value})`;
    return this.read(
      sql`where (ingested_xid, ingested_seq) > (${xid}, ${seq}) ${this.settled()} ${recent} ${mark} order by ingested_xid, ingested_seq`,
      limit,
    );
  }

  /** The last of those that {@link rowsAfter} would give, in the same order. */
  async latestRows(limit: number): Promise<StoredRow[]> {
    const rows = await this.read(
      sql`where true ${this.settled()} order by ingested_xid desc, ingested_seq desc`,
      limit,
    );
    return rows.reverse();
  }

  /** Whether rows to come would stand before a cursor: where it is another table's, or of this one before it was made anew. */
  async wouldMiss({ xid, seq }: AlertCursor): Promise<boolean> {
    const { kysely, engine } = this.database;
    try {
      if (engine === 'postgres') {
        const { rows } = await sql<{
          next: bigint;
        }>`select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next`.execute(kysely);
        return xid >= BigInt(rows[0]!.next);
      }
      // Rows may have been deleted: the sequence knows of them.
      const { rows } = await sql<{ last: bigint | number }>`
        select max(coalesce((select max(ingested_seq) from ${sql.table('alert')}), 0),
          coalesce((select seq from sqlite_sequence where name = 'alert'), 0)) as last`.execute(kysely);
      return seq > BigInt(rows[0]!.last);
    } catch (error) {
      throw sqlError(this.database, error);
    }
  }

  /** What no open transaction can still come before. */
  private settled(): ReturnType<typeof sql> {
    return this.database.engine === 'postgres'
      ? sql`and ingested_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
      : sql``;
  }

  private async read(where: ReturnType<typeof sql>, limit: number): Promise<StoredRow[]> {
    const { kysely } = this.database;
    try {
      const question = sql<
        Record<string, unknown>
      >`select * from ${sql.table('alert')} ${where} limit ${limit}`;
      const { rows } = await question.execute(kysely);
      await this.learn(new Set(rows.map(({ schema_id }) => schema_id as string)));
      return rows.map(storedRow);
    } catch (error) {
      throw sqlError(this.database, error);
    }
  }

  private async learn(ids: ReadonlySet<string>): Promise<void> {
    const missing = [...ids].filter((id) => !this.known.has(id));
    if (missing.length === 0) return;
    const found = await this.database.kysely
      .selectFrom('schema')
      .select(['id', 'text'])
      .where('id', 'in', missing)
      .execute();
    for (const { id, text } of found as { id: string; text: string }[]) {
      const schema = parseSchema(text);
      this.known.set(id, { schema, decoder: schema.decoder(), lenient: schema.decoder({ strict: false }) });
    }
  }

  /** @throws FatalError where the schema of the alert is not there, PoisonError for a payload that is not of it */
  decoded<T = unknown>(stored: StoredRow): StoredAlert<T> {
    const { candid, payload, row, cursor } = stored;
    if (!Buffer.isBuffer(row.payload))
      throw new PoisonError(`the payload of the alert ${candid} in ${this.database.where} is no bytes`);
    const { schema, decoder, lenient } = this.knownFor(stored);
    const of = (alert: unknown, exact: boolean): StoredAlert<T> => ({
      ...{ candid, schema, row, cursor, exact },
      alert: alert as T,
    });
    try {
      return of(decoder.decode(payload), true);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      return of(lenient.decode(payload), false);
    }
  }

  /** The schema that a row's payload is written with. @throws FatalError where it is not there */
  schemaOf(stored: StoredRow): AvroSchema {
    return this.knownFor(stored).schema;
  }

  private knownFor({ candid, schemaId }: StoredRow): KnownSchema {
    const known = this.known.get(schemaId);
    if (!known) {
      throw new FatalError(
        `the alert ${candid} in ${this.database.where} was written with the schema ${schemaId}, which the table schema does not have`,
        { code: 'APF_SCHEMA_UNKNOWN' },
      );
    }
    return known;
  }
}

function storedRow(row: Readonly<Record<string, unknown>>): StoredRow {
  const { candid, schema_id, payload, ingested_xid, ingested_seq } = row as {
    candid: bigint;
    schema_id: string;
    payload: Buffer | string | number | bigint | null;
    ingested_xid: bigint;
    ingested_seq: bigint | number;
  };
  return {
    candid,
    // SQLite keeps any type in any column: what is no bytes is refused once it is decoded.
    payload: Buffer.isBuffer(payload) ? payload : Buffer.from(String(payload ?? '')),
    schemaId: schema_id,
    row,
    cursor: { xid: ingested_xid, seq: BigInt(ingested_seq) },
  };
}
