import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  consumerClass,
  deadLetterClass,
  type ResolvedSettings,
  systemClock,
  type TableModel,
  toError,
  UsageError,
} from '@apf/core';
import { sql } from 'kysely';
import { FolderLetters } from '../dead-letters/folder-letters.js';
import { openDatabase, type SqlDatabase } from '../sql/open-database.js';
import { sqlitePath } from '../sql/open-sqlite.js';
import { resultsTable } from '../sql/results-table.js';
import { planMigration, readTable } from '../sql/tables/index.js';
import { consumerCodec } from '../wiring/create-codec.js';
import type { Load } from '../wiring/load-class.js';
import { pathIn } from '../wiring/surroundings.js';
import { topicStrategy } from '../wiring/topic-strategy.js';
import { examineBroker, parted } from './examine-broker.js';
import { examineOutputs } from './examine-outputs.js';
import { examineTopics } from './examine-topics.js';
import type { Report } from './finding.js';

export interface ExaminationOptions {
  /** The project of the step. */
  readonly folder: string;
  readonly load: Load | undefined;
}

/**
 * Examines what a step will meet, from its broker to its database, without joining its group, reading a topic for it or
 * writing anything. Never rejects: what goes wrong is a finding.
 */
export async function examine(
  settings: ResolvedSettings,
  options: ExaminationOptions,
  report: Report,
): Promise<void> {
  const parts: [check: string, () => Promise<void>][] = [
    ['source', () => examineConsumer(settings, options, report)],
    ['outputs', () => examineOutputs(settings, options, report)],
    ['dead letters', () => examineDeadLetters(settings, options.folder, report)],
    ['database', () => examineDatabase(settings, options.folder, report)],
  ];
  for (const [check, part] of parts) {
    try {
      await part();
    } catch (thrown) {
      const [message, remedy] = parted(toError(thrown).message);
      report({
        check,
        status: 'fail',
        message,
        remedy,
        ...(thrown instanceof UsageError ? { mistaken: true } : {}),
      });
    }
  }
  const now = new Date(systemClock.now());
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  report({
    check: 'clock',
    status: 'ok',
    message: `${now.toISOString()}, local time is that of ${timeZone}; Kafka brokers do not tell theirs`,
  });
}

async function examineConsumer(
  settings: ResolvedSettings,
  { folder, load }: ExaminationOptions,
  report: Report,
): Promise<void> {
  const { CLASS, PARAMS, TOPICS, TOPIC_STRATEGY, FILE_PATH, DIRECTORY_PATH } = settings.CONSUMER_CONFIG;
  const { kind } = consumerClass(CLASS, 'CONSUMER_CONFIG.CLASS');
  if (kind !== 'kafka') {
    const path = FILE_PATH ?? DIRECTORY_PATH;
    if (kind !== 'custom' && path !== undefined && !/[*?{]/.test(path)) await access(pathIn(folder, path));
    report({
      check: 'source',
      status: 'ok',
      message: `${CLASS}${path === undefined ? '' : ` reads ${path}`}`,
    });
    return;
  }
  const broker = await examineBroker(PARAMS, 'CONSUMER_CONFIG', report);
  if (!broker) return;
  try {
    const topics = await topicStrategy(TOPICS, TOPIC_STRATEGY, 'CONSUMER_CONFIG', { folder, load });
    const codec = consumerCodec(settings.CONSUMER_CONFIG, folder);
    await examineTopics({ broker, params: PARAMS, topics, codec, now: systemClock.now(), report });
  } finally {
    await broker.lookup.close();
  }
}

async function examineDeadLetters(settings: ResolvedSettings, folder: string, report: Report): Promise<void> {
  const { CLASS, DIRECTORY_PATH } = settings.DEAD_LETTERS;
  if (deadLetterClass(CLASS, 'DEAD_LETTERS.CLASS').kind !== 'folder') return;
  const path = pathIn(folder, DIRECTORY_PATH);
  const there = await access(path, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw new Error(`${path} cannot be written: give this user the right to`);
      return false;
    },
  );
  if (!there) await access(dirname(path), constants.W_OK);
  const letters = there ? await new FolderLetters(path).list() : [];
  report(
    letters.length === 0
      ? { check: 'dead letters', status: 'ok', message: `none in ${path}` }
      : {
          check: 'dead letters',
          status: 'warn',
          message: `${letters.length} in ${path}`,
          remedy: 'apf dead list tells why',
        },
  );
}

async function examineDatabase(
  { DB_CONFIG }: ResolvedSettings,
  folder: string,
  report: Report,
): Promise<void> {
  if (!DB_CONFIG) return;
  const results = resultsTable(DB_CONFIG, folder);
  if (results && DB_CONFIG.ENGINE === 'sqlite' && !existsSync(sqlitePath(DB_CONFIG, folder))) {
    const path = sqlitePath(DB_CONFIG, folder);
    report({
      check: 'database',
      status: 'ok',
      message: `${path} is not there yet: the first start makes it`,
    });
    return;
  }
  const database = await openDatabase(DB_CONFIG, folder, { existing: true });
  try {
    report({ check: 'database', status: 'ok', message: `${database.where} answers` });
    await examineTable(database, DB_CONFIG.TABLE, results, report);
    await examineClock(database, report);
  } finally {
    await database.close();
  }
}

async function examineTable(
  database: SqlDatabase,
  name: string | undefined,
  results: TableModel | undefined,
  report: Report,
): Promise<void> {
  if (name === undefined) return;
  const found = await readTable(database, database.kysely, name);
  if (!found) {
    report({
      check: 'table',
      status: results ? 'ok' : 'fail',
      message: `there is no table '${name}'${results ? ' yet: the first start makes it' : ''}`,
      ...(results ? {} : { remedy: 'make it with apf db init, or correct DB_CONFIG.TABLE' }),
    });
    return;
  }
  const differs =
    results !== undefined && (await planMigration(database, database.kysely, [results])).changes.length > 0;
  report({
    check: 'table',
    status: differs ? 'warn' : 'ok',
    message: `the table '${name}' is there${differs ? ', and differs from DB_CONFIG.SCHEMA_PATH' : ''}`,
    ...(differs ? { remedy: 'see apf db diff, then apf db migrate' } : {}),
  });
}

/** So far may clocks be apart, in ms. */
const APART = 2_000;

/** The one clock of the neighbours that can be asked. */
async function examineClock(database: SqlDatabase, report: Report): Promise<void> {
  if (database.engine !== 'postgres') return;
  const asked = systemClock.now();
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database.kysely);
  const middle = (asked + systemClock.now()) / 2;
  const ahead = Math.round(rows[0]!.now.getTime() - middle);
  const isApart = Math.abs(ahead) > APART;
  report({
    check: 'clock',
    status: isApart ? 'warn' : 'ok',
    message: `the clock of ${database.where} is ${Math.abs(ahead) / 1_000} s ${ahead < 0 ? 'behind' : 'ahead of'} this machine's`,
    ...(isApart ? { remedy: 'one of the two is wrong: let both follow a time server (NTP)' } : {}),
  });
}
