import {
  type Clock,
  END,
  FatalError,
  type Logger,
  type Position,
  type RawMessage,
  RetryableError,
  type Source,
  type SourceProgress,
  type StreamAlert,
  type Codec,
  UsageError,
} from '@apf/core';
import type { SqlDatabase } from '../open-database.js';
import { sqlError } from '../sql-error.js';
import { type AlertCursor, FIRST_ALERT, StoredAlerts, type StoredRow } from '../stored-alerts.js';
import { type FoundTable, readTable } from '../tables/read-table.js';
import { AlertRowCodec, OWN_COLUMNS } from './alert-row-codec.js';
import type { AlertCheckpoint, AlertPosition } from './checkpoint.js';

export interface AlertTableSourceOptions {
  readonly database: SqlDatabase;
  readonly checkpoint: AlertCheckpoint;
  /** Begin there, whatever the checkpoint says: with the first row, or with the first whose message is not older. */
  readonly since?: 'beginning' | Date | undefined;
  /** Rows that were sent get this value in this column, and those that have it are passed over. */
  readonly mark?: { readonly column: string; readonly value: string } | undefined;
  /** End once all rows are read that are there. */
  readonly once?: boolean | undefined;
  /** Seconds between two looks at a table that has nothing new. @default 1 */
  readonly interval?: number | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

const TOPIC = 'alert';
/** Rows of one question: of the largest alerts they take 100 MB. */
const ROWS = 500;
/** One turn of waiting, in ms. */
const TURN = 100;
/** After a question that could not be answered, in ms. */
const AGAIN = 1_000;
/** Rows marked by one statement. */
const MARKED = 500;

/**
 * The table `alert` of a light-curve database as a stream: its rows in the order in which they can be read without missing
 * one (see {@link StoredAlerts}), and on and on as they come. The topic of a message is `alert`, its key the object, its
 * offset the number of the row in that order. What is committed goes to the checkpoint.
 */
export class AlertTableSource implements Source {
  /** Decodes what this source gives; once it is open. */
  codec: Codec<StreamAlert> = { decode: notOpen, encode: notOpen };
  private readonly stored: StoredAlerts;
  private readonly rows = new WeakMap<RawMessage, StoredRow>();
  /** Given and not committed yet, in order. */
  private outstanding: { readonly message: RawMessage; readonly row: StoredRow }[] = [];
  /** Messages of rows that are to be marked. */
  private readonly sent = new WeakSet<RawMessage>();
  private cursor: AlertCursor = FIRST_ALERT;
  private count = 0;
  private paused = false;
  private opened = false;
  private askAgain = 0;
  private failures = 0;

  constructor(private readonly options: AlertTableSourceOptions) {
    this.stored = new StoredAlerts(options.database);
  }

  async open(): Promise<void> {
    const { checkpoint, since } = this.options;
    const table = await this.look();
    const position = await checkpoint.read();
    if (since === undefined && position) {
      if (await this.stored.wouldMiss(position)) throw this.beyond(position);
      this.cursor = position;
      this.count = position.count;
    }
    const { mark } = this.options;
    this.codec = new AlertRowCodec(
      {
        rowOf: (message) => this.rows.get(message)!,
        decoded: (row) => this.stored.decoded(row),
        schemaOf: (row) => this.stored.schemaOf(row),
      },
      table.columns,
      mark?.column,
    );
    this.opened = true;
  }

  private beyond({ seq }: AlertPosition): FatalError {
    const { checkpoint, database } = this.options;
    return new FatalError(
      `the checkpoint ${checkpoint.where} (row ${seq}) is beyond the table alert of ${database.where}, which seems to have been made anew, and its alerts would be passed over: begin with --since beginning, or name another --checkpoint`,
      { code: 'APF_TABLE' },
    );
  }

  /** The row of this message is to be marked once it is committed. */
  markSent(message: RawMessage): void {
    this.sent.add(message);
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    const { clock, logger, interval = 1, once } = this.options;
    if (this.paused || clock.now() < this.askAgain) {
      await clock.sleep(TURN, signal);
      return [];
    }
    let rows: readonly StoredRow[];
    try {
      rows = await this.next(Math.min(max, ROWS));
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      if (this.failures++ === 0) logger.warn({ code: error.code }, `${error.message}; still trying`);
      this.askAgain = clock.now() + AGAIN;
      return [];
    }
    if (rows.length === 0) {
      if (once) return END;
      this.askAgain = clock.now() + interval * 1_000;
      return [];
    }
    return rows.map((row) => this.messageOf(row));
  }

  private next(limit: number): Promise<StoredRow[]> {
    const { since, mark } = this.options;
    return this.stored.rowsAfter(this.cursor, limit, {
      since: since === 'beginning' ? undefined : since,
      unmarked: mark,
    });
  }

  private messageOf(row: StoredRow): RawMessage {
    const { oid, time } = row.row as { oid?: string | null; time?: Date | null };
    const message: RawMessage = {
      topic: TOPIC,
      partition: 0,
      offset: this.count++,
      value: row.payload,
      key: oid ?? null,
      timestamp: time?.getTime(),
    };
    this.cursor = row.cursor;
    this.rows.set(message, row);
    this.outstanding.push({ message, row });
    return message;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  /** Marks the rows that were sent, then notes how far all is done: after a crash in between they are sent again. */
  async commit(next: readonly Position[]): Promise<void> {
    const offset = next.find(({ topic }) => topic === TOPIC)?.offset ?? 0;
    const done = this.outstanding.filter(({ message }) => message.offset < offset);
    const last = done.at(-1);
    if (!last) return;
    const { checkpoint, mark } = this.options;
    if (mark)
      await this.mark(
        mark,
        done.filter(({ message }) => this.sent.has(message)).map(({ row }) => row),
      );
    const position: AlertPosition = { ...last.row.cursor, count: last.message.offset + 1 };
    await checkpoint.write(position);
    this.outstanding = this.outstanding.slice(done.length);
  }

  private async mark(
    { column, value }: { readonly column: string; readonly value: string },
    rows: readonly StoredRow[],
  ): Promise<void> {
    const { database } = this.options;
    try {
      for (let i = 0; i < rows.length; i += MARKED) {
        const ids = rows.slice(i, i + MARKED).map(({ candid }) => candid);
        await database.kysely
          .updateTable('alert')
          .set({ [column]: value })
          .where('candid', 'in', ids)
          .execute();
      }
    } catch (error) {
      throw sqlError(database, error);
    }
  }

  progress(): SourceProgress {
    return {
      assigned: this.opened,
      failures: this.failures,
      partitions: [{ topic: TOPIC, partition: 0, lag: undefined }],
    };
  }

  async close(): Promise<void> {
    // The database is its owner's to close.
  }

  private async look(): Promise<FoundTable> {
    const { database, mark } = this.options;
    let table: FoundTable | undefined;
    try {
      table = await readTable(database, database.kysely, TOPIC);
    } catch (error) {
      throw sqlError(database, error);
    }
    const has = (name: string): boolean => table?.columns.some((column) => column.name === name) ?? false;
    if (!table || !['candid', 'schema_id', 'payload', 'ingested_xid', 'ingested_seq'].every(has)) {
      throw new FatalError(
        `the database ${database.where} has no table 'alert' as apf db init --model light-curve makes it`,
        { code: 'APF_TABLE' },
      );
    }
    // Engines differ in whether PAYLOAD is payload.
    if (mark && OWN_COLUMNS.includes(mark.column.toLowerCase())) {
      throw new UsageError(
        `the column '${mark.column}' is the alerts' own, and a mark would overwrite it: add a column for the mark to the table alert, as text`,
      );
    }
    if (mark && !has(mark.column)) {
      throw new FatalError(
        `the table alert of ${database.where} has no column '${mark.column}' to mark what was sent: add it, as text, or leave out the mark`,
        { code: 'APF_TABLE' },
      );
    }
    return table;
  }
}

function notOpen(): never {
  throw new FatalError('the table alert is not open yet');
}
