import { readFile } from 'node:fs/promises';
import { FatalError, toError, UsageError } from '@apf/core';
import { replaceFile } from '../../files/replace-file.js';
import type { SqlDatabase } from '../open-database.js';
import { sqlError } from '../sql-error.js';
import type { AlertCursor } from '../stored-alerts.js';

/** How far a reader of `alert` has come. */
export interface AlertPosition extends AlertCursor {
  /** Rows that it has read in all. */
  readonly count: number;
}

/** Where a reader of `alert` keeps how far it has come. */
export interface AlertCheckpoint {
  /** For messages. */
  readonly where: string;
  /** Undefined where it is new. */
  read(): Promise<AlertPosition | undefined>;
  /** Resolves once it would survive a crash. */
  write(position: AlertPosition): Promise<void>;
}

/** A file, replaced as a whole each time; it says which database it is about. */
export class FileCheckpoint implements AlertCheckpoint {
  constructor(
    readonly where: string,
    /** As it is named in messages; another one's position means nothing here. */
    private readonly database: string,
  ) {}

  async read(): Promise<AlertPosition | undefined> {
    let text: string;
    try {
      text = await readFile(this.where, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const folder = (error as NodeJS.ErrnoException).code === 'EISDIR';
      const why = folder ? 'is a folder: name a file' : `cannot be read: ${toError(error).message}`;
      throw new UsageError(`the checkpoint ${this.where} ${why}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
    const kept = parsed(text);
    if (!kept) {
      throw new FatalError(
        `the checkpoint ${this.where} is damaged, or no checkpoint; name another, or remove it to begin with the first alert`,
        { code: 'APF_FILE' },
      );
    }
    if (kept.database !== this.database) {
      throw new UsageError(
        `the checkpoint ${this.where} is about the database ${kept.database}, not ${this.database}: name another`,
        { code: 'APF_FILE' },
      );
    }
    return { xid: BigInt(kept.xid), seq: BigInt(kept.seq), count: kept.count };
  }

  async write({ xid, seq, count }: AlertPosition): Promise<void> {
    const { database } = this;
    const text = JSON.stringify({ database, xid: String(xid), seq: String(seq), count }, null, 2);
    await replaceFile('the checkpoint', this.where, `${text}\n`);
  }
}

function parsed(
  text: string,
):
  | { readonly database: string; readonly xid: string; readonly seq: string; readonly count: number }
  | undefined {
  try {
    const { database, xid, seq, count } = JSON.parse(text) as Record<string, unknown>;
    const whole = (value: unknown): value is string => typeof value === 'string' && /^-?\d+$/.test(value);
    return typeof database === 'string' && whole(xid) && whole(seq) && Number.isSafeInteger(count)
      ? { database, xid, seq, count: count as number }
      : undefined;
  } catch {
    return undefined;
  }
}

const TABLE = 'apf_checkpoint';

/** A line of the table `apf_checkpoint`, in the database itself. */
export class TableCheckpoint implements AlertCheckpoint {
  readonly where: string;

  constructor(
    private readonly database: SqlDatabase,
    private readonly name: string,
  ) {
    this.where = `'${name}' in the table ${TABLE}`;
  }

  async read(): Promise<AlertPosition | undefined> {
    const { kysely } = this.database;
    try {
      await kysely.schema
        .createTable(TABLE)
        .ifNotExists()
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('xid', 'bigint', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('count', 'bigint', (column) => column.notNull())
        .execute();
      const row = (await kysely
        .selectFrom(TABLE)
        .selectAll()
        .where('name', '=', this.name)
        .executeTakeFirst()) as { xid: bigint; seq: bigint; count: bigint } | undefined;
      return row && { xid: row.xid, seq: row.seq, count: Number(row.count) };
    } catch (error) {
      throw sqlError(this.database, error);
    }
  }

  async write({ xid, seq, count }: AlertPosition): Promise<void> {
    const { kysely } = this.database;
    const position = { xid, seq, count: BigInt(count) };
    try {
      await kysely
        .insertInto(TABLE)
        .values({ name: this.name, ...position })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(position))
        .execute();
    } catch (error) {
      throw sqlError(this.database, error);
    }
  }
}
