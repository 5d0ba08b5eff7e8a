import { annotationModel, lightCurveModel } from '@apf/alerts';
import {
  type AppliedMigration,
  demandNoConflicts,
  migrate,
  type MigrationPlan,
  planMigration,
  resultsTable,
} from '@apf/connectors';
import { type ColumnType, FatalError, loadSchema, type TableModel, tableOf, UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { defineCommand } from '../../command.js';
import { type DatabaseOptions, inDatabase, withDatabase } from '../../database/database-options.js';
import { projectSettings } from '../../database/project-settings.js';
import { isProject } from '../../step-project/load-project.js';

const MODELS = ['light-curve', 'annotations'] as const;
const TYPES: readonly ColumnType[] = [
  'boolean',
  'int32',
  'int64',
  'float',
  'double',
  'text',
  'bytes',
  'json',
  'timestamp',
];

interface TableOptions extends DatabaseOptions {
  readonly model?: (typeof MODELS)[number] | undefined;
  readonly enrichment?: readonly string[] | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly key?: string | undefined;
  readonly json: boolean;
}

const withTables = <T>(yargs: Argv<T>): Argv<T & TableOptions> =>
  withDatabase(
    yargs
      .option('model', {
        choices: MODELS,
        describe: 'Tables for alerts, objects, detections, features, classes; or the one for annotations',
      })
      .option('enrichment', {
        type: 'string',
        array: true,
        describe: `--model: columns of alert for what is added to it, as name:type (${TYPES.join(', ')})`,
      })
      .option('schema', {
        type: 'string',
        describe: 'Instead: one table for the values of this .avsc file or folder',
      })
      .option('table', { type: 'string', describe: "--schema: its name; the schema's own where absent" })
      .option('key', {
        type: 'string',
        describe: '--schema: the fields that tell rows apart, with commas between',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' }),
  );

/** `apf db init` */
export const init = defineCommand(
  (yargs) =>
    withTables(yargs)
      .example('apf db init --model light-curve --database sky.sqlite', '')
      .example('apf db init --model annotations', 'the table for what AnnotationProducer writes')
      .example('apf db init --schema schemas/result.avsc --table result --key oid', '')
      .example('apf db init', 'the table of a step: DB_CONFIG.TABLE from SCHEMA_PATH, with KEY'),
  async (options) => {
    const { tables, name } = await wanted(options);
    const made = await inDatabase(options, false, (database) =>
      migrate(database, tables, name, (plan) => demandNew(plan, database.where)),
    );
    report(made, options.json, 'the tables are there already, as they should be');
  },
);

/** `apf db diff` */
export const diff = defineCommand(
  (yargs) =>
    withTables(yargs)
      .option('sql', { type: 'boolean', default: false, describe: 'Print the statements instead' })
      .example('apf db diff --model light-curve --sql', 'what apf db migrate would execute'),
  async ({ sql, json, ...options }) => {
    const { tables } = await wanted(options);
    const plan = await inDatabase(options, true, async (database) => {
      const found = await planMigration(database, database.kysely, tables);
      if (!json) demandNoConflicts(found, database.where);
      return found;
    });
    if (json) console.log(JSON.stringify(plan));
    else if (sql)
      for (const statement of plan.changes.flatMap(({ statements }) => statements))
        console.log(`${statement};`);
    else describe(plan, 'nothing to do: the tables are as they should be');
  },
);

/** `apf db migrate` */
export const migrateTables = defineCommand(
  (yargs) => withTables(yargs).example('apf db migrate --model light-curve', 'first look at apf db diff'),
  async (options) => {
    const { tables, name } = await wanted(options);
    const made = await inDatabase(options, true, (database) => migrate(database, tables, name));
    report(made, options.json, 'nothing to do: the tables are as they should be');
  },
);

interface Wanted {
  readonly tables: readonly TableModel[];
  readonly name: string;
}

async function wanted(options: Omit<TableOptions, 'json'>): Promise<Wanted> {
  const { model, schema: path, table, key, enrichment = [], database } = options;
  if (model === undefined && path === undefined && database === undefined) {
    const results = await resultsOfProject();
    if (results) return { tables: [results], name: `results: ${results.name}` };
  }
  if ((model === undefined) === (path === undefined)) {
    throw new UsageError(
      'say which tables: --model light-curve or annotations, or --schema FILE.avsc --key FIELD, or DB_CONFIG.SCHEMA_PATH in the settings of the step',
    );
  }
  if (path === undefined) {
    if (table !== undefined || key !== undefined) throw new UsageError('--table and --key go with --schema');
    if (model === 'annotations') {
      if (enrichment.length > 0) throw new UsageError('--enrichment goes with --model light-curve');
      return { tables: annotationModel(), name: model };
    }
    return { tables: lightCurveModel({ enrichment: enrichment.map(enrichmentColumn) }), name: model! };
  }
  if (enrichment.length > 0) throw new UsageError('--enrichment goes with --model');
  if (key === undefined) throw new UsageError('--schema needs --key: the fields that tell rows apart');
  const schema = loadSchema(path);
  const name = table ?? schema.name?.split('.').at(-1) ?? '';
  const fields = key.split(',').map((field) => field.trim());
  return { tables: [tableOf(schema, { name, key: fields })], name: `${name} of ${schema.name ?? path}` };
}

/** What `settings.ts` says of the results of the step in the current folder. */
async function resultsOfProject(): Promise<TableModel | undefined> {
  const folder = process.cwd();
  if (!isProject(folder)) return undefined;
  const { DB_CONFIG } = await projectSettings(folder);
  return DB_CONFIG && resultsTable(DB_CONFIG, folder);
}

function enrichmentColumn(text: string): { name: string; type: ColumnType } {
  const at = text.lastIndexOf(':');
  const [name, type] = [text.slice(0, at), text.slice(at + 1) as ColumnType];
  if (at <= 0 || !TYPES.includes(type)) {
    throw new UsageError(`--enrichment takes name:type with one of ${TYPES.join(', ')}, not '${text}'`);
  }
  return { name, type };
}

/** `init` makes tables; it does not change any. */
function demandNew({ changes }: MigrationPlan, where: string): void {
  const changed = changes
    .filter(({ what }) => !what.startsWith('create the table'))
    .map(({ table }) => table);
  const [first] = changed;
  if (first === undefined) return;
  throw new FatalError(
    `the database ${where} has a table '${first}' already, which differs: see apf db diff, then apf db migrate`,
    { code: 'APF_TABLE' },
  );
}

function report(made: AppliedMigration | undefined, json: boolean, nothing: string): void {
  if (json) console.log(JSON.stringify({ version: made?.version ?? null, changes: made?.changes ?? [] }));
  else {
    describe(made ?? { changes: [], kept: [] }, nothing);
    if (made) console.log(`the database is at version ${made.version}`);
  }
}

function describe({ changes, kept }: Pick<MigrationPlan, 'changes' | 'kept'>, nothing: string): void {
  if (changes.length === 0) console.log(nothing);
  for (const { table, what } of changes) console.log(`${table}: ${what}`);
  for (const line of kept) console.log(`kept, though no longer asked for: ${line}`);
}
