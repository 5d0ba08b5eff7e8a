import type { Position, Refused, TopicPartition } from '../contracts.js';
import type { Database, DatabaseWork, Mark, Row, RowChange } from '../database.js';
import { Process } from './process.js';

/** What outlives the process that writes to a {@link MemoryDatabase}. */
export class MemoryTables {
  /** Every change that was committed, in order. */
  readonly changes: RowChange[] = [];
  readonly marks = new Set<string>();
  /** The next offset by `topic-partition`, where the database keeps the offsets. */
  readonly offsets = new Map<string, number>();
}

export interface MemoryDatabaseOptions {
  readonly tables?: MemoryTables;
  readonly process?: Process;
  /** As if `DB_CONFIG.TABLE` named a table. @default true */
  readonly takesResults?: boolean;
  /** As `DB_CONFIG.OFFSETS: 'database'`. @default false */
  readonly keepsOffsets?: boolean;
  /** As `DB_CONFIG.UNIQUE.key`. */
  readonly uniqueKey?: string;
  /** Answers `context.db.query`; with no rows by default. */
  readonly query?: (sql: string, parameters: readonly unknown[]) => readonly Row[];
  /** Called at each step, to fail it, crash, wait, or (at `write`) refuse rows. */
  readonly behave?: (
    what: 'begin' | 'write' | 'commit' | 'committed' | 'abort',
    work: DatabaseWork,
  ) => void | readonly Refused[] | Promise<void | readonly Refused[]>;
}

/** A database in memory: changes are kept as they were asked for, once their transaction is committed. */
export class MemoryDatabase implements Database {
  readonly takesResults: boolean;
  readonly keepsOffsets: boolean;
  readonly uniqueKey: string | undefined;
  readonly tables: MemoryTables;
  private readonly process: Process;
  private work: DatabaseWork = NOTHING;
  opened = 0;
  closed = 0;

  constructor(private readonly options: MemoryDatabaseOptions = {}) {
    this.tables = options.tables ?? new MemoryTables();
    this.process = options.process ?? new Process();
    this.takesResults = options.takesResults ?? true;
    this.keepsOffsets = options.keepsOffsets ?? false;
    this.uniqueKey = options.uniqueKey;
  }

  /** The rows that were asked for, in order, those of results under the name ''. */
  rows(table = ''): Row[] {
    return this.tables.changes.filter((change) => (change.table ?? '') === table).map(({ row }) => row);
  }

  async open(): Promise<void> {
    await this.process.living();
    this.opened++;
  }

  async claim(partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]> {
    await this.process.living();
    return partitions.map((partition) => this.tables.offsets.get(keyOf(partition)));
  }

  async seen(marks: readonly Mark[]): Promise<readonly boolean[]> {
    await this.process.living();
    return marks.map(({ key }) => this.tables.marks.has(key));
  }

  async begin(): Promise<void> {
    this.work = NOTHING;
    await this.pass('begin');
  }

  async write({ changes, marks }: DatabaseWork): Promise<readonly Refused[]> {
    this.work = this.keepsOffsets
      ? { changes: changes.filter((change) => this.isNew(change)), marks }
      : { changes, marks };
    const refused = await this.pass('write');
    const gone = new Set(refused.map(({ outgoing }) => outgoing.origin));
    this.work = {
      changes: this.work.changes.filter(({ origin }) => !gone.has(origin)),
      marks: this.work.marks.filter(({ origin }) => !gone.has(origin)),
    };
    return refused;
  }

  async commit(next: readonly Position[]): Promise<void> {
    await this.pass('commit');
    this.tables.changes.push(...this.work.changes);
    for (const { key } of this.work.marks) this.tables.marks.add(key);
    if (this.keepsOffsets) {
      for (const position of next) this.tables.offsets.set(keyOf(position), position.offset);
    }
    await this.pass('committed');
  }

  async abort(): Promise<void> {
    await this.pass('abort');
    this.work = NOTHING;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    await this.process.living();
    return this.options.query?.(sql, parameters) ?? [];
  }

  async close(): Promise<void> {
    await this.process.living();
    this.closed++;
  }

  private isNew({ origin }: RowChange): boolean {
    return origin.offset >= (this.tables.offsets.get(keyOf(origin)) ?? 0);
  }

  private async pass(
    what: Parameters<NonNullable<MemoryDatabaseOptions['behave']>>[0],
  ): Promise<readonly Refused[]> {
    await this.process.living();
    const refused = (await this.options.behave?.(what, this.work)) ?? [];
    await this.process.living();
    return refused;
  }
}

const NOTHING: DatabaseWork = { changes: [], marks: [] };
const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
