import { FatalError, PoisonError, type Row, type RowChange, type RowOptions, toJson } from '@apf/core';
import type { FoundTable } from '../tables/read-table.js';
import type { Column, Operation } from './operation.js';

/** A table that changes may name. */
export interface KnownTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
  /** The columns that tell rows apart unless a change says otherwise; undefined where there is no unique index. */
  readonly key: readonly string[] | undefined;
}

export function knownTable({ name, columns, keys }: FoundTable): KnownTable {
  return { name, columns: new Map(columns.map((column) => [column.name, column])), key: keys[0] };
}

/** Where results go, and how. */
export interface ResultsTable {
  readonly table: string;
  readonly kind: 'upsert' | 'insert';
  readonly options: RowOptions;
}

/** Rows of one table to which the same is done. */
interface Run {
  readonly kind: RowChange['kind'];
  readonly key: readonly string[];
  readonly add: readonly string[];
  readonly rows: Map<string, Row>;
}

/**
 * Gathers changes into operations on many rows. Changes of one key keep their order, and those that follow one another
 * become one: no database takes a key twice in a statement. Tables come in the order in which they are first named, so
 * that a row may refer to one that was asked for before it.
 * @param tables every table that is named; changes without one go to the table of results
 * @throws PoisonError for a row that does not fit its table
 */
export function planOperations(
  changes: readonly RowChange[],
  tables: ReadonlyMap<string, KnownTable>,
  results:
    { readonly table: string; readonly options: RowOptions; readonly kind: RowChange['kind'] } | undefined,
): Operation[] {
  const plans = new Map<string, TablePlan>();
  for (const change of changes) {
    const name = change.table ?? results?.table ?? '';
    let plan = plans.get(name);
    if (!plan) plans.set(name, (plan = new TablePlan(tables.get(name)!)));
    if (change.table === undefined && results) plan.take(results.kind, change.row, results.options);
    else plan.take(change.kind, change.row, change.options);
  }
  return [...plans.values()].flatMap((plan) => plan.operations());
}

class TablePlan {
  private readonly runs: Run[] = [];
  /** The last run that holds a key; of the runs since `barrier`, whose keys are the same columns. */
  private readonly lastRun = new Map<string, number>();
  private barrier = 0;
  /** Of the row before, which most often has the same. */
  private options: RowOptions | undefined;
  private key: readonly string[] = [];
  private add: readonly string[] = [];

  constructor(private readonly table: KnownTable) {}

  take(kind: RowChange['kind'], row: Row, options: RowOptions): void {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw this.refused(`a row must be an object of columns, not ${row === null ? 'null' : typeof row}`);
    }
    if (options !== this.options) this.use(options);
    const identity = this.identity(row);
    const run = this.runFor(kind, identity);
    const before = run.rows.get(identity);
    if (before === undefined) run.rows.set(identity, row);
    else if (kind !== 'insert') run.rows.set(identity, merged(before, row, run.add));
  }

  operations(): Operation[] {
    return this.runs.flatMap((run) => this.byColumns(run));
  }

  private use(options: RowOptions): void {
    const key = options.key === undefined ? this.table.key : [options.key].flat();
    if (!key) {
      throw new FatalError(
        `the table ${show(this.table.name)} has neither a primary key nor a unique index: name the columns that tell its rows apart ({ key: [...] }, or DB_CONFIG.KEY)`,
        { code: 'APF_DATABASE' },
      );
    }
    const add = [options.add ?? []].flat();
    for (const name of [...key, ...add]) this.column(name);
    // Rows told apart by other columns may be the same ones: what came before is done first.
    if (this.options && key.join('\0') !== this.key.join('\0')) {
      this.barrier = this.runs.length;
      this.lastRun.clear();
    }
    this.options = options;
    this.key = key;
    this.add = add;
  }

  private identity(row: Row): string {
    if (this.key.length === 1) return this.part(row, this.key[0]!);
    return this.key.map((name) => this.part(row, name)).join('\0');
  }

  private part(row: Row, name: string): string {
    const value = row[name];
    if (value === undefined || value === null) {
      throw this.refused(`the row has no ${show(name)}, which tells rows apart`);
    }
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return `${value}`;
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
    return value instanceof Date ? value.toISOString() : toJson(value);
  }

  /** The first run of this kind in which the change comes after all that was asked of the same row before. */
  private runFor(kind: RowChange['kind'], identity: string): Run {
    const { runs, key, add } = this;
    for (let i = this.lastRun.get(identity) ?? this.barrier; i < runs.length; i++) {
      const run = runs[i]!;
      if (run.kind === kind && sameNames(run.add, add)) {
        this.lastRun.set(identity, i);
        return run;
      }
    }
    const run: Run = { kind, key, add, rows: new Map() };
    this.lastRun.set(identity, runs.push(run) - 1);
    return run;
  }

  /** One operation for each set of columns that rows have. */
  private byColumns({ kind, key, add, rows }: Run): Operation[] {
    const groups = new Map<string, { columns: string[]; rows: Row[] }>();
    let last: { columns: string[]; rows: Row[] } | undefined;
    for (const row of rows.values()) {
      const columns = kind === 'delete' ? [...key] : given(row, last?.columns);
      if (columns !== last?.columns) {
        const name = columns.join('\0');
        last = groups.get(name);
        if (!last) groups.set(name, (last = { columns, rows: [] }));
      }
      last.rows.push(row);
    }
    const keys = key.map((name) => this.column(name));
    return [...groups.values()].map((group) => ({
      kind,
      table: this.table.name,
      key: keys,
      values: group.columns.filter((name) => !key.includes(name)).map((name) => this.column(name)),
      add: new Set(add),
      rows: group.rows,
    }));
  }

  private column(name: string): Column {
    const column = this.table.columns.get(name);
    if (!column) throw this.refused(`there is no column ${show(name)}`);
    return column;
  }

  private refused(why: string): PoisonError {
    return new PoisonError(`the table ${show(this.table.name)}: ${why}`, { code: 'APF_ROW' });
  }
}

/** The columns that a row gives; `before`, the very same list, where they are those of the row before. */
function given(row: Row, before: string[] | undefined): string[] {
  if (before) {
    let i = 0;
    let same = true;
    for (const name in row) {
      if (row[name] === undefined) continue;
      if (before[i++] !== name) {
        same = false;
        break;
      }
    }
    if (same && i === before.length) return before;
  }
  return Object.keys(row).filter((name) => row[name] !== undefined);
}

function merged(before: Row, after: Row, add: readonly string[]): Row {
  const row: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    if (value !== undefined) row[name] = add.includes(name) ? sum(before[name], value) : value;
  }
  return row;
}

/** What is no number is left to the database to refuse. */
function sum(before: unknown, value: unknown): unknown {
  if (before === undefined || before === null) return value;
  if (value === null) return before;
  if (typeof before === 'number' && typeof value === 'number') return before + value;
  const whole = (one: unknown): one is bigint | number =>
    typeof one === 'bigint' || (typeof one === 'number' && Number.isInteger(one));
  return whole(before) && whole(value) ? BigInt(before) + BigInt(value) : Number(before) + Number(value);
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((name, i) => name === b[i]));

/** Names come from alerts, which strangers write. */
const show = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
