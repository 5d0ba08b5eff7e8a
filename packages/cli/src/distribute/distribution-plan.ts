import {
  type AlertFilter,
  compileFilter,
  type CrossMatch,
  filterOf,
  parseTime,
  type SurveyName,
} from '@apf/alerts';
import { databaseAt } from '@apf/connectors';
import { type DatabaseSettings, FixedTopics, UsageError } from '@apf/core';
import { readFinkRules } from '../compat/fink-rules.js';
import type { Connection } from '../connection/connection.js';
import { projectSettings } from '../database/project-settings.js';
import type { DistributeOptions } from './distribute-options.js';
import { matchOf, watchlistsOf } from './match-options.js';
import type { DistributionRules } from './rules.js';

/** Where alerts come from. */
export type DistributionInput =
  | {
      readonly kind: 'table';
      readonly database: DatabaseSettings;
      readonly checkpoint: { readonly file: string } | { readonly line: string };
      readonly since: 'beginning' | Date | undefined;
      readonly mark: { readonly column: string; readonly value: string } | undefined;
      /** Seconds. */
      readonly interval: number;
    }
  | {
      readonly kind: 'topics';
      readonly topics: readonly string[];
      readonly params: Connection['params'];
      readonly group: string;
      /** A schema file, or a folder. */
      readonly schema: string | undefined;
      readonly since: 'beginning' | Date | undefined;
    };

/** What a distribution is to do. */
export interface DistributionPlan {
  readonly input: DistributionInput;
  /** librdkafka's properties of the broker that alerts go to. */
  readonly params: Connection['params'];
  /** For all alerts, where there is no filter. */
  readonly topics: readonly string[];
  readonly filters: readonly AlertFilter[];
  readonly topicOf: (filter: string) => string;
  readonly rules: DistributionRules;
  readonly survey: SurveyName | undefined;
  /** Fields to add to each alert. */
  readonly match: CrossMatch | undefined;
  readonly schemaPath: string;
  readonly deadLetters: string;
  /** Seconds. */
  readonly exitAfter: number | undefined;
  readonly once: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

type Wanted = Pick<
  DistributeOptions,
  | 'database'
  | 'fromTopics'
  | 'group'
  | 'schema'
  | 'since'
  | 'checkpoint'
  | 'mark'
  | 'filter'
  | 'rules'
  | 'select'
  | 'drop'
  | 'where'
  | 'survey'
  | 'match'
  | 'matchField'
  | 'matchRadius'
  | 'matchSeparation'
  | 'matchNone'
  | 'watchlist'
  | 'watchlistRadius'
  | 'topic'
  | 'prefix'
  | 'schemaOut'
  | 'deadLetters'
  | 'exitAfter'
  | 'untilEos'
  | 'interval'
  | 'dryRun'
  | 'json'
>;
/** Of the options, those that say what comes from where and goes where. */
export type PlanOptions = { readonly [name in keyof Wanted]?: Wanted[name] | undefined };

const CHECKPOINT = 'distribution.checkpoint';
const SCHEMA = 'distribution_schema.avsc';
const DEAD_LETTERS = './dead-letters';
const GROUP = 'apf-distribute';

/**
 * @param to the broker that alerts go to, and from the one that they come from
 * @throws UsageError for options that are wrong, or do not go together
 */
export async function distributionPlan(
  options: PlanOptions,
  { to, from }: { readonly to: Connection['params']; readonly from: Connection['params'] },
  now = Date.now(),
): Promise<DistributionPlan> {
  const { exitAfter, dryRun = false, json = false, untilEos = false, prefix = '', survey } = options;
  const { interval = 1, deadLetters = DEAD_LETTERS } = options;
  if (exitAfter !== undefined && !(exitAfter > 0)) throw new UsageError('--exit-after must be above 0');
  if (!(interval > 0)) throw new UsageError('--interval must be above 0');
  const filters = [...(options.filter ?? []).map(filterIn), ...(await watchlistsOf(options))];
  checkTwice(filters);
  const topicOf = (name: string): string => prefix + name;
  if (filters.length > 0)
    new FixedTopics(
      filters.map(({ name }) => topicOf(name)),
      '--filter',
    ).topics();
  if (filters.length > 0 && options.topic !== undefined)
    throw new UsageError(
      "--topic is for a distribution without filters: each filter's alerts go to the topic of its name",
    );
  return {
    input: await inputOf(options, from, now),
    params: to,
    topics: filters.length > 0 ? [] : topicsOf(options.topic, '--topic'),
    filters,
    topicOf,
    rules: rulesOf(options),
    survey,
    match: await matchOf(options),
    schemaPath: options.schemaOut ?? SCHEMA,
    deadLetters,
    exitAfter,
    once: untilEos || dryRun,
    dryRun,
    json,
  };
}

function topicsOf(given: readonly string[] | undefined, where: string): readonly string[] {
  const topics = new FixedTopics(
    (given ?? []).flatMap((each) => each.split(',')),
    where,
  ).topics();
  const pattern = topics.find((topic) => topic.startsWith('^'));
  if (pattern !== undefined)
    throw new UsageError(`${where} '${pattern}' is a pattern: name a topic to write to`);
  return topics;
}

function filterIn(text: string): AlertFilter {
  const [, name, expression] = /^([^=<>!]+)=(?!=)(.*)$/s.exec(text) ?? [];
  if (name === undefined || expression === undefined)
    throw new UsageError(
      `--filter '${text.slice(0, 60)}': write NAME=EXPRESSION, such as bright='candidate.magpsf < 18'`,
    );
  return filterOf(expression, name.trim(), `--filter ${name.trim().slice(0, 60)}`);
}

function checkTwice(filters: readonly AlertFilter[]): void {
  const names = filters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`--filter ${twice} is given twice`);
}

function rulesOf({ rules: path, select, drop, where }: PlanOptions): DistributionRules {
  const given = path === undefined || path === '' ? undefined : readFinkRules(path);
  const list = (text: string | undefined): string[] | undefined =>
    text
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  if (given && (select ?? drop) !== undefined)
    throw new UsageError(
      '--rules, and --select or --drop, exclude each other: the rules say which fields are left',
    );
  if (where !== undefined) compileFilter(where);
  const conditions = [given?.filter, where].filter((each) => each !== undefined).map((each) => `(${each})`);
  return {
    select: given ? given.select : list(select),
    drop: given ? given.drop : (list(drop) ?? []),
    ...(conditions.length === 0 ? {} : { filter: conditions.join(' and ') }),
  };
}

async function inputOf(
  options: PlanOptions,
  from: Connection['params'],
  now: number,
): Promise<DistributionInput> {
  const since = sinceOf(options.since, now);
  const { fromTopics, checkpoint, mark, group = GROUP, schema, database, interval = 1 } = options;
  if (fromTopics !== undefined) {
    const table = Object.entries({ database, checkpoint, mark }).find(
      ([, value]) => value !== undefined,
    )?.[0];
    if (table !== undefined)
      throw new UsageError(`--${table} is for alerts from a database, not with --from-topics`);
    const topics = new FixedTopics(
      fromTopics.flatMap((each) => each.split(/,(?![^{]*\}|[^[]*\]|[^(]*\))/)),
      '--from-topics',
    ).topics();
    return { kind: 'topics', topics, params: from, group, schema, since };
  }
  if (schema !== undefined)
    throw new UsageError('--schema is for --from-topics: a database has the schemas itself');
  return {
    kind: 'table',
    database: await databaseOf(database),
    checkpoint: checkpointOf(checkpoint ?? CHECKPOINT),
    since,
    mark: markOf(mark),
    interval,
  };
}

async function databaseOf(address: string | undefined): Promise<DatabaseSettings> {
  if (address !== undefined) return databaseAt(address);
  const { DB_CONFIG } = await projectSettings(process.cwd());
  if (DB_CONFIG) return DB_CONFIG;
  throw new UsageError('no database is named: give --database, DB_CONFIG in ./settings.ts, or --from-topics');
}

function sinceOf(text: string | undefined, now: number): 'beginning' | Date | undefined {
  if (text === undefined) return undefined;
  if (text === 'beginning' || text === 'earliest') return 'beginning';
  return new Date(parseTime(text, '--since', { now }));
}

function checkpointOf(text: string): { readonly file: string } | { readonly line: string } {
  const line = /^table:(.*)$/s.exec(text)?.[1];
  if (line === undefined) {
    if (text === '') throw new UsageError('--checkpoint needs a name');
    return { file: text };
  }
  if (!/^[\w.-]{1,100}$/.test(line))
    throw new UsageError('--checkpoint table:NAME: the name has letters, digits, dot, dash and underscore');
  return { line };
}

function markOf(text: string | undefined): { readonly column: string; readonly value: string } | undefined {
  if (text === undefined) return undefined;
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1)
    throw new UsageError('--mark is column=value, such as status=distributed');
  return { column: text.slice(0, at), value: text.slice(at + 1) };
}
