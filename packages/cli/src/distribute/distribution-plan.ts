import { type AlertFilter, compileFilter, type CrossMatch, parseTime, type SurveyName } from '@apf/alerts';
import { databaseAt } from '@apf/connectors';
import { type DatabaseSettings, FixedTopics, UsageError } from '@apf/core';
import { readFinkRules } from '../compat/fink-rules.js';
import type { Connection } from '../connection/connection.js';
import { FilterCatalogue } from '../filters/filter-catalogue.js';
import { outputTopics, readsTopic } from '../filters/output-topics.js';
import { checkWhole } from '../consume/stream-plan.js';
import { projectSettings, settingsPath } from '../database/project-settings.js';
import type { DistributeOptions } from './distribute-options.js';
import { distributionGroup } from './distribution-group.js';
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
  readonly filters: readonly AlertFilter[];
  /** Those of the filters, in their order; where there is none, those for all alerts. */
  readonly topics: readonly string[];
  /** Of a topic that has to be made. */
  readonly partitions: number;
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
  | 'filters'
  | 'topicPrefix'
  | 'topicPattern'
  | 'partitions'
  | 'schemaOut'
  | 'deadLetters'
  | 'exitAfter'
  | 'untilEos'
  | 'interval'
  | 'dryRun'
  | 'json'
>;
/** Of the options, those that say what comes from where and goes where. */
export type PlanOptions = { readonly [name in keyof Wanted]?: Wanted[name] | undefined } & {
  /** Where no file is named for the schema, it is named after the topic. */
  readonly schemaByTopic?: boolean | undefined;
};

const CHECKPOINT = 'distribution.checkpoint';
const SCHEMA = 'distribution_schema.avsc';
const DEAD_LETTERS = './dead-letters';
const NO_DATABASE = 'no database is named: give --database, DB_CONFIG in ./settings.ts, or --from-topics';

/**
 * @param to the broker that alerts go to, and from the one that they come from; noDatabase is what to say where none is named
 * @throws UsageError for options that are wrong, or do not go together
 */
export async function distributionPlan(
  options: PlanOptions,
  {
    to,
    from,
    noDatabase = NO_DATABASE,
  }: {
    readonly to: Connection['params'];
    readonly from: Connection['params'];
    readonly noDatabase?: string | undefined;
  },
  now = Date.now(),
): Promise<DistributionPlan> {
  const { exitAfter, dryRun = false, json = false, untilEos = false, survey, partitions = 1 } = options;
  const { interval = 1, deadLetters = DEAD_LETTERS } = options;
  checkWhole({ partitions });
  if (exitAfter !== undefined && !(exitAfter > 0)) throw new UsageError('--exit-after must be above 0');
  if (!(interval > 0)) throw new UsageError('--interval must be above 0');
  const filters = await filtersOf(options);
  if (filters.length > 0 && options.topic !== undefined)
    throw new UsageError(
      "--topic is for a distribution without filters: each filter's alerts go to the topic of its name",
    );
  const asked = await inputOf(options, from, { now, noDatabase });
  const read = asked.kind === 'topics' && shareBroker(from, to) ? asked.topics : [];
  const topics =
    filters.length > 0
      ? outputTopics(
          filters.map(({ name }) => name),
          { prefix: options.topicPrefix, pattern: options.topicPattern },
          read,
        )
      : topicsOf(options.topic, read);
  return {
    input: asked.kind === 'topics' ? { ...asked, group: asked.group ?? distributionGroup(topics) } : asked,
    params: to,
    filters,
    topics,
    rules: rulesOf(options),
    partitions,
    survey,
    match: await matchOf(options),
    schemaPath: options.schemaOut ?? (options.schemaByTopic ? schemaOf(topics) : SCHEMA),
    deadLetters,
    exitAfter,
    once: untilEos || dryRun,
    dryRun,
    json,
  };
}

/** By their addresses; without any they are not told apart, so that alerts never go round for ever. */
function shareBroker(a: Connection['params'], b: Connection['params']): boolean {
  const [one, other] = [a, b].map((params) => String(params['bootstrap.servers']).toLowerCase().split(','));
  return one!.some((address) => other!.includes(address));
}

/** Of a topic's own, so that it is not taken for that of another distribution in the same folder. */
const schemaOf = (topics: readonly string[]): string =>
  `${topics.length === 1 ? topics[0]! : 'crossmatch'}_schema.avsc`;

function topicsOf(given: readonly string[] = [], read: readonly string[]): readonly string[] {
  const topics = new FixedTopics(
    given.flatMap((each) => each.split(',')),
    '--topic',
  ).topics();
  const pattern = topics.find((topic) => topic.startsWith('^'));
  if (pattern !== undefined)
    throw new UsageError(`--topic '${pattern}' is a pattern: name a topic to write to`);
  const loop = topics.find((topic) => readsTopic(read, topic));
  if (loop !== undefined)
    throw new UsageError(`--topic '${loop}' is read, too: alerts would go round for ever`);
  return topics;
}

/** The watchlists too: each is a filter. */
async function filtersOf(options: PlanOptions): Promise<readonly AlertFilter[]> {
  const { filter = [] } = options;
  const chosen =
    filter.length === 0 ? [] : await (await FilterCatalogue.open(options.filters)).choose(filter);
  const filters = [...chosen, ...(await watchlistsOf(options))];
  const names = filters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`two filters are named '${twice}': each name is a topic`);
  return filters;
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

type TopicsInput = Extract<DistributionInput, { kind: 'topics' }>;
/** The group that was named, if one was. */
type AskedInput =
  | Exclude<DistributionInput, TopicsInput>
  | (Omit<TopicsInput, 'group'> & { readonly group: string | undefined });

async function inputOf(
  options: PlanOptions,
  from: Connection['params'],
  { now, noDatabase }: { readonly now: number; readonly noDatabase: string },
): Promise<AskedInput> {
  const since = sinceOf(options.since, now);
  const { fromTopics, checkpoint, mark, group, schema, database, interval = 1 } = options;
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
    if (group === '') throw new UsageError('--group needs a name');
    return { kind: 'topics', topics, params: from, group, schema, since };
  }
  if (schema !== undefined)
    throw new UsageError('--schema is for --from-topics: a database has the schemas itself');
  return {
    kind: 'table',
    database: await databaseOf(database, noDatabase),
    checkpoint: checkpointOf(checkpoint ?? CHECKPOINT),
    since,
    mark: markOf(mark),
    interval,
  };
}

async function databaseOf(address: string | undefined, missing: string): Promise<DatabaseSettings> {
  if (address !== undefined) return databaseAt(address);
  const folder = process.cwd();
  const { DB_CONFIG } = settingsPath(folder) === undefined ? {} : await projectSettings(folder);
  if (DB_CONFIG) return DB_CONFIG;
  throw new UsageError(missing);
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
