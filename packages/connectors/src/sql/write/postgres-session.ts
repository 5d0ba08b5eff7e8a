import { type DatabaseParams, RetryableError, type Row } from '@apf/core';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { postgresConfig, postgresName, searchPath } from '../open-postgres.js';
import { postgresError } from '../postgres-errors.js';
import { quoted } from '../quoted.js';
import { BinaryWriter } from './binary-writer.js';
import type { Operation } from './operation.js';
import { type PostgresColumn, postgresColumn } from './postgres-column.js';
import { arrayStatement, tableStatement } from './postgres-statements.js';
import { rowChunks } from './row-chunks.js';
import type { Session } from './session.js';

/** From so many rows on COPY is faster than arrays, by measurement (`npm run bench -- db`). */
const COPY_FROM = 1_000;
/** Statements that the server keeps prepared; rows of strangers' fields may have ever new sets of columns. */
const MOST_PREPARED = 200;
/** https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": signature, flags, no extension. */
const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Writes to PostgreSQL, on a connection of its own that is made again when it breaks. */
export class PostgresSession implements Session {
  readonly #where: string;
  readonly #writer = new BinaryWriter();
  #client: pg.Client | undefined;
  /** Names of prepared statements by their text; they live as long as the connection. */
  readonly #prepared = new Map<string, string>();
  /** Names of temporary tables by how they are made, and those that are there for certain. */
  readonly #temporary = new Map<string, string>();
  readonly #made = new Set<string>();

  constructor(
    private readonly params: DatabaseParams,
    private readonly folder: string,
  ) {
    this.#where = postgresName(params);
  }

  async begin(): Promise<void> {
    this.#client ??= await this.#connect();
    await this.#guard((client) => client.query('begin'));
  }

  async commit(): Promise<void> {
    await this.#guard((client) => client.query('commit'));
  }

  async rollback(): Promise<void> {
    if (!this.#client) return;
    this.#made.clear();
    try {
      await this.#guard((client) => client.query('rollback'));
    } catch {
      await this.#drop();
    }
  }

  async savepoint(): Promise<void> {
    await this.#guard((client) => client.query('savepoint apf'));
  }

  async undo(): Promise<void> {
    this.#made.clear();
    await this.#guard((client) => client.query('rollback to savepoint apf; release savepoint apf'));
  }

  async release(thorough: boolean): Promise<void> {
    const check = thorough ? 'set constraints all immediate; set constraints all deferred; ' : '';
    await this.#guard((client) => client.query(`${check}release savepoint apf`));
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    const { rows } = await this.#guard((client) =>
      client.query<Record<string, unknown>>(sql, [...parameters]),
    );
    return rows;
  }

  async apply(operation: Operation): Promise<void> {
    const { kind } = operation;
    if (kind === 'update' && operation.values.length === 0) return;
    const key = operation.key.map(postgresColumn);
    const values = operation.values.map(postgresColumn);
    const inserts = kind === 'upsert' || kind === 'insert';
    const copies = inserts && [...key, ...values].every(({ exact }) => exact);
    for (const rows of rowChunks(operation.rows, operation.values)) {
      this.#writer.reset();
      if (copies && rows.length >= COPY_FROM) await this.#copy(operation, key, values, rows);
      else await this.#send(operation, key, values, rows);
    }
  }

  async close(): Promise<void> {
    await this.#drop();
  }

  /** One array for each column. */
  async #send(
    operation: Operation,
    key: readonly PostgresColumn[],
    values: readonly PostgresColumn[],
    rows: readonly Row[],
  ): Promise<void> {
    const arrays = [...key, ...values].map((column) => this.#array(column, rows));
    const sql = arrayStatement(operation, key, values);
    await this.#guard((client) => client.query(this.#statement(sql, arrays)));
  }

  #array({ element, write }: PostgresColumn, rows: readonly Row[]): Buffer {
    const writer = this.#writer;
    const from = writer.position;
    writer.int32(1); // dimensions
    writer.int32(1); // may hold NULL
    writer.int32(element);
    writer.int32(rows.length);
    writer.int32(1); // the first index
    for (const row of rows) write(writer, row);
    return writer.since(from);
  }

  /** The rows into a temporary table, and from there to where they belong. */
  async #copy(
    operation: Operation,
    key: readonly PostgresColumn[],
    values: readonly PostgresColumn[],
    rows: readonly Row[],
  ): Promise<void> {
    const columns = [...key, ...values];
    const writer = this.#writer;
    writer.raw(COPY_HEADER);
    for (const row of rows) {
      writer.int16(columns.length);
      for (const column of columns) column.write(writer, row);
    }
    writer.int16(-1);
    const bytes = writer.since(0);
    const temporary = await this.#temporaryFor(operation.table, columns);
    await this.#guard(
      (client) =>
        new Promise<void>((resolve, reject) => {
          const stream = client.query(copyFrom(`copy ${temporary} from stdin binary`));
          stream.once('finish', resolve).once('error', reject);
          stream.end(bytes);
        }),
    );
    const sql = tableStatement(operation, key, values, temporary);
    await this.#guard((client) => client.query(this.#statement(sql, [])));
    await this.#guard((client) => client.query(`truncate ${temporary}`));
  }

  async #temporaryFor(table: string, columns: readonly PostgresColumn[]): Promise<string> {
    const names = columns.map(({ name }) => quoted(name)).join(', ');
    const select = `select ${names} from ${quoted(table)} limit 0`;
    const name = this.#temporary.get(select) ?? `apf_copy_${this.#temporary.size + 1}`;
    this.#temporary.set(select, name);
    if (!this.#made.has(name)) {
      const sql = `create temporary table if not exists ${name} on commit delete rows as ${select}`;
      await this.#guard((client) => client.query(sql));
      this.#made.add(name);
    }
    return name;
  }

  #statement(text: string, values: unknown[]): pg.QueryConfig {
    let name = this.#prepared.get(text);
    if (name === undefined) {
      if (this.#prepared.size >= MOST_PREPARED) return { text, values };
      name = `apf_${this.#prepared.size + 1}`;
      this.#prepared.set(text, name);
    }
    return { name, text, values };
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(postgresConfig(this.params, this.folder, pg.types));
    client.on('error', () => {
      // Broken while nobody waited for an answer: the next transaction makes another.
      if (this.#client === client) this.#forget();
    });
    try {
      await client.connect();
      // Times without a zone are in UTC.
      await client.query([`set time zone 'UTC'`, searchPath(this.params) ?? []].flat().join('; '));
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw postgresError(error, this.#where);
    }
  }

  async #guard<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (!client) {
      throw new RetryableError(`the connection to the database ${this.#where} was lost`, undefined, {
        code: 'APF_DATABASE',
      });
    }
    try {
      return await act(client);
    } catch (thrown) {
      const error = postgresError(thrown, this.#where);
      // Without an answer of the server nobody knows in what state the connection is.
      if ((thrown as { severity?: unknown }).severity === undefined) await this.#drop();
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#forget();
    if (!client) return;
    client.connection.stream.destroy();
    await client.end().catch(() => undefined);
  }

  #forget(): void {
    this.#client = undefined;
    this.#prepared.clear();
    this.#temporary.clear();
    this.#made.clear();
  }
}
