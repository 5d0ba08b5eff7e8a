import type { RawMessage } from './contracts.js';
import type { Row, RowChange, RowOptions } from './database.js';

/** What `context.db` needs of a run. */
export interface DatabaseHost {
  /** Answers a question once everything handed over so far is written. */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

const MISSING = 'there is no database: name one with DB_CONFIG in settings.ts';

/**
 * `context.db`: rows for the database that `DB_CONFIG` names. They are written with the batch, in one transaction before
 * the commit; what a failed `execute` asked for is discarded. Columns go by the fields' names; bytes, dates and 64-bit
 * integers are kept as they are, nested values become JSON.
 */
export class ContextDatabase {
  /** @internal What the present attempt has asked for. */
  readonly changes: RowChange[] = [];

  constructor(
    private readonly host: DatabaseHost | undefined,
    private readonly origin: RawMessage,
  ) {}

  /** Inserts rows; of one that is there already the given columns are replaced. */
  upsert(table: string, rows: Row | readonly Row[], options?: RowOptions): void {
    this.change('upsert', table, rows, options);
  }

  /** Inserts rows; one that is there already stays as it is. */
  insert(table: string, rows: Row | readonly Row[], options?: Pick<RowOptions, 'key'>): void {
    this.change('insert', table, rows, options);
  }

  /** Replaces the given columns of rows that are there; a row that is not is left out. */
  update(table: string, rows: Row | readonly Row[], options?: RowOptions): void {
    this.change('update', table, rows, options);
  }

  /** Deletes the rows that have the key columns' values; other columns are not looked at. */
  delete(table: string, rows: Row | readonly Row[], options?: Pick<RowOptions, 'key'>): void {
    this.change('delete', table, rows, options);
  }

  /**
   * Rows of the database, as they are once all batches before this one are written; what this batch itself has asked for
   * is not there yet. Parameters stand as `$1`, `$2` in the statement, for both engines, and are never part of its text.
   */
  query<T extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly T[]> {
    if (!this.host) throw new Error(MISSING);
    return this.host.query(sql, parameters) as Promise<readonly T[]>;
  }

  private change(
    kind: RowChange['kind'],
    table: string,
    rows: Row | readonly Row[],
    options: RowOptions = {},
  ): void {
    if (!this.host) throw new Error(MISSING);
    if (typeof table !== 'string' || table === '')
      throw new Error(`context.db.${kind} needs the name of a table`);
    for (const row of Array.isArray(rows) ? (rows as readonly Row[]) : [rows as Row]) {
      if (typeof row !== 'object' || row === null) {
        throw new Error(`context.db.${kind}('${table}', …) takes rows as objects, not ${String(row)}`);
      }
      this.changes.push({ origin: this.origin, table, kind, row, options });
    }
  }
}
