import { setTimeout } from 'node:timers/promises';
import { FatalError, RetryableError, type TableModel } from '@apf/core';
import { type Kysely, sql } from 'kysely';
import type { AnyTables, SqlDatabase } from '../open-database.js';
import { sqlError } from '../sql-error.js';
import { typeName } from './column-types.js';
import { type Change, type MigrationPlan, planMigration } from './plan-migration.js';

/** Where a database keeps which migrations it has had. */
const HISTORY = 'apf_migration';
/** Names the lock for which migrations of one PostgreSQL database queue. */
const LOCK = 'apf migration';
/** A SQLite file may be held by another process, a server restart. */
const ATTEMPTS = 5;
/** Before the second attempt, in ms; then twice, three times that. */
const PAUSE = 200;

export interface AppliedMigration {
  /** 1 for a database's first. */
  readonly version: number;
  readonly changes: readonly Change[];
  readonly kept: readonly string[];
}

/**
 * Brings a database to the tables that it should have, all in one transaction, and notes it as its next version. Nothing is
 * dropped; what is there already is left as it is.
 * @param name of what the tables are, for the note.
 * @param allowed decides on the plan inside the transaction, by throwing.
 * @returns undefined where there is nothing to do.
 * @throws FatalError (APF_TABLE) that lists what has to be mended by hand
 */
export async function migrate(
  database: SqlDatabase,
  tables: readonly TableModel[],
  name: string,
  allowed: (plan: MigrationPlan) => void = () => undefined,
): Promise<AppliedMigration | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, tables, name, allowed);
    } catch (thrown) {
      const error = sqlError(database, thrown);
      if (!(error instanceof RetryableError) || attempt === ATTEMPTS) throw error;
      await setTimeout(attempt * PAUSE);
    }
  }
}

function inTransaction(
  database: SqlDatabase,
  tables: readonly TableModel[],
  name: string,
  allowed: (plan: MigrationPlan) => void,
): Promise<AppliedMigration | undefined> {
  return database.kysely.transaction().execute(async (transaction) => {
    if (database.engine === 'postgres') {
      await sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`.execute(transaction);
    }
    const version = await nextVersion(database, transaction);
    const plan = await planMigration(database, transaction, tables);
    demandNoConflicts(plan, database.where);
    allowed(plan);
    const { changes, kept } = plan;
    if (changes.length === 0) return undefined;
    const statements = changes.flatMap((change) => change.statements);
    for (const statement of statements) await sql.raw(statement).execute(transaction);
    await transaction
      .insertInto(HISTORY)
      .values({ version, applied: new Date(), name, statements: statements.join(';\n') })
      .execute();
    return { version, changes, kept };
  });
}

/** @throws FatalError (APF_TABLE) */
export function demandNoConflicts({ conflicts }: MigrationPlan, where: string): void {
  if (conflicts.length === 0) return;
  throw new FatalError(
    `the database ${where} has other tables of these names, which apf does not change: ${conflicts.join('; ')}`,
    { code: 'APF_TABLE' },
  );
}

/** Writing first also takes SQLite's only lock, before anything is read. */
async function nextVersion({ engine }: SqlDatabase, transaction: Kysely<AnyTables>): Promise<number> {
  const [integer, text, timestamp] = (['int32', 'text', 'timestamp'] as const).map((type) =>
    typeName(engine, type),
  );
  await sql
    .raw(
      `CREATE TABLE IF NOT EXISTS ${HISTORY} (version ${integer} PRIMARY KEY, applied ${timestamp} NOT NULL, ` +
        `name ${text} NOT NULL, statements ${text} NOT NULL)`,
    )
    .execute(transaction);
  const { rows } = await sql<{ last: number | bigint | null }>`
    select max(version) as last from ${sql.table(HISTORY)}`.execute(transaction);
  return Number(rows[0]?.last ?? 0) + 1;
}
