import { ApfError, PoisonError, type Row } from '@apf/core';
import type BetterSqlite3 from 'better-sqlite3';
import { bound, type SqliteHandle, sqliteHandle } from '../open-sqlite.js';
import { quoted } from '../quoted.js';
import { sqliteError } from '../sqlite-errors.js';
import { toSqlite } from '../sqlite-values.js';
import { type ColumnValue, columnValue } from './column-value.js';
import type { Column, Operation } from './operation.js';
import type { Session } from './session.js';

type Statement = BetterSqlite3.Statement<unknown[], Row>;

/** Rows of strangers' fields may have ever new sets of columns. */
const MOST_STATEMENTS = 200;

/**
 * Writes to a SQLite file, on a connection of its own. A statement is prepared once and run for each row, which is as fast
 * as SQLite is.
 */
export class SqliteSession implements Session {
  #handle: SqliteHandle | undefined;
  readonly #statements = new Map<string, Statement>();

  constructor(private readonly path: string) {}

  async begin(): Promise<void> {
    this.#handle ??= await sqliteHandle(this.path);
    // The lock at once: a transaction that read before it writes could not have it later.
    this.#execute('begin immediate');
  }

  async commit(): Promise<void> {
    this.#execute('commit');
  }

  async rollback(): Promise<void> {
    if (!this.#handle?.inTransaction) return;
    try {
      this.#handle.exec('rollback');
    } catch {
      this.#close();
    }
  }

  async savepoint(): Promise<void> {
    this.#execute('savepoint apf');
  }

  async undo(): Promise<void> {
    this.#execute('rollback to apf');
    this.#execute('release apf');
  }

  async release(thorough: boolean): Promise<void> {
    if (thorough) this.#checkReferences();
    this.#execute('release apf');
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return this.#guard(() => {
      const statement = this.#handle!.prepare<unknown[], Row>(sql);
      const values = bound(sql, parameters);
      if (statement.reader) return statement.all(...values);
      statement.run(...values);
      return [];
    });
  }

  async apply(operation: Operation): Promise<void> {
    const { key, values, rows } = operation;
    const columns = operation.kind === 'update' ? [...values, ...key] : [...key, ...values];
    if (operation.kind === 'update' && values.length === 0) return;
    const bind = binder(columns);
    this.#guard(() => {
      const statement = this.#prepare(statementFor(operation));
      for (const row of rows) statement.run(bind(row));
    });
  }

  async close(): Promise<void> {
    this.#close();
  }

  /** References that are DEFERRABLE: SQLite looks at them at the commit alone, unless it is asked. */
  #checkReferences(): void {
    const [broken] = this.#handle!.pragma('foreign_key_check') as { table: string; parent: string }[];
    if (!broken) return;
    throw new PoisonError(
      `the row cannot be written: a row of ${JSON.stringify(broken.table)} refers to none in ${JSON.stringify(broken.parent)}`,
      { code: 'APF_ROW' },
    );
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = this.#handle!.prepare<unknown[], Row>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #execute(sql: string): void {
    this.#guard(() => void this.#prepare(sql).run());
  }

  #guard<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw error instanceof ApfError ? error : sqliteError(error, this.path);
    }
  }

  #close(): void {
    this.#statements.clear();
    const handle = this.#handle;
    this.#handle = undefined;
    handle?.close();
  }
}

function statementFor({ kind, table, key, values, add }: Operation): string {
  const name = quoted(table);
  const where = key.map((column) => `${quoted(column.name)} = ?`).join(' and ');
  switch (kind) {
    case 'delete':
      return `delete from ${name} where ${where}`;
    case 'update':
      return `update ${name} set ${values.map((column) => setting(column, add, '?')).join(', ')} where ${where}`;
    case 'upsert':
    case 'insert': {
      const columns = [...key, ...values];
      const target = key.map((column) => quoted(column.name)).join(', ');
      const sets = values.map((column) => setting(column, add, `excluded.${quoted(column.name)}`));
      const action = kind === 'insert' || sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`;
      return (
        `insert into ${name} (${columns.map((column) => quoted(column.name)).join(', ')}) ` +
        `values (${columns.map(() => '?').join(', ')}) on conflict (${target}) do ${action}`
      );
    }
  }
}

function setting({ name }: Column, add: ReadonlySet<string>, value: string): string {
  const column = quoted(name);
  return `${column} = ${add.has(name) ? `coalesce(${column}, 0) + ${value}` : value}`;
}

/** Makes the list of values to bind of a row. The types that nearly all values have are told apart without a call. */
function binder(columns: readonly Column[]): (row: Row) => unknown[] {
  const names = columns.map(({ name }) => name);
  const numeric = columns.map(({ type }) => type === 'double' || type === 'float');
  const whole = columns.map(({ type }) => type === 'int64' || type === 'int32');
  const textual = columns.map(({ type }) => type === 'text');
  return (row) => {
    const values = new Array<unknown>(names.length);
    for (let i = 0; i < names.length; i++) {
      const value = row[names[i]!];
      if (typeof value === 'number' && numeric[i]) values[i] = Number.isNaN(value) ? null : value;
      else if (whole[i] && Number.isSafeInteger(value)) values[i] = value;
      else if (value === null || (typeof value === 'string' && textual[i])) values[i] = value;
      else {
        const { type, name } = columns[i]!;
        values[i] = held(columnValue(value, type, name), type);
      }
    }
    return values;
  };
}

/** better-sqlite3 binds every number as a real; where no type makes an integer of it again it is to be one from the start. */
function held(value: ColumnValue, type: Column['type']): unknown {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return null;
    return type === undefined && Number.isInteger(value) ? BigInt(value) : value;
  }
  return typeof value === 'string' || typeof value === 'bigint' ? value : toSqlite(value);
}
