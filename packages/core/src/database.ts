import type { Position, RawMessage, Refused, TopicPartition, Transaction } from './contracts.js';

/** A row by its columns; a column that is undefined is not touched. */
export type Row = Readonly<Record<string, unknown>>;

export interface RowOptions {
  /** The columns that tell the table's rows apart. @default the table's primary key */
  readonly key?: string | readonly string[];
  /** With `upsert` and `update`: these columns are added to what stands there, instead of replacing it. */
  readonly add?: string | readonly string[];
}

/** What is to be done with one row. */
export interface RowChange {
  /** The message from which the row was made: all its rows are written, or none. */
  readonly origin: RawMessage;
  /** Undefined is the table of results. */
  readonly table: string | undefined;
  /** `insert` leaves a row that is there already as it is. */
  readonly kind: 'upsert' | 'insert' | 'update' | 'delete';
  readonly row: Row;
  readonly options: RowOptions;
}

/** An alert that is done, by the value of the field that `UNIQUE` names. */
export interface Mark {
  readonly origin: RawMessage;
  readonly key: string;
}

/** Rows and marks of some batches. */
export interface DatabaseWork {
  readonly changes: readonly RowChange[];
  readonly marks: readonly Mark[];
}

/** The database that DB_CONFIG names. */
export interface Database extends Transaction {
  /** Whether results go to a table (`DB_CONFIG.TABLE`). */
  readonly takesResults: boolean;
  /** The field of an alert by which it is known again (`DB_CONFIG.UNIQUE`). */
  readonly uniqueKey?: string | undefined;
  /** Rejects with a {@link FatalError} when the database cannot be used at all. */
  open(): Promise<void>;
  /**
   * Where these partitions are to be read on, by what the database holds; undefined where it has nothing on them. From
   * now on nobody else can write for them. Only where it keeps the offsets (`DB_CONFIG.OFFSETS`).
   */
  claim(partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]>;
  /** Which of these alerts were done before, by another message than this one. */
  seen(marks: readonly Mark[]): Promise<readonly boolean[]>;
  /**
   * Writes in the transaction that was begun. Names what can never be written, by its message: nothing of such a message
   * is, the rest is. What another process has written already, or writes in our place, is passed over.
   * @param next as `begin` was given it
   */
  write(work: DatabaseWork, next: readonly Position[]): Promise<readonly Refused[]>;
  /** Rows that match a question; see {@link ContextDatabase.query}. */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}
