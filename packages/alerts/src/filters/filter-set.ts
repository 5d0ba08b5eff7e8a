import { type AvroSchema, FatalError, toError } from '@apf/core';
import { SharedReads } from '../expressions/compile.js';
import { compileFilter } from '../expressions/compile-expression.js';
import { nearestPath, resolvePath } from '../expressions/schema-paths.js';
import { type SurveyName, surveyOfAlert, surveyOfSchema } from '../surveys/survey-of.js';
import { type AlertFilter, type FunctionFilter, surveysOf } from './alert-filter.js';
import { DerivedReader } from './derived-reader.js';
import { VisitCap } from './visit-cap.js';
import { VISIT_FIELDS } from './visit-of.js';

export interface FilterSetOptions {
  readonly filters: readonly AlertFilter[];
  /** Whose alerts these are; found out where absent. */
  readonly survey?: SurveyName | undefined;
  /** Leaves out the filters that do not fit the alerts, instead of throwing; told once for each schema. */
  readonly onUnfit?: ((name: string, why: string) => void) | undefined;
}

/** A filter that is ready for the alerts of one schema. */
interface BoundFilter {
  readonly index: number;
  readonly fields: readonly string[];
  readonly passes: (alert: unknown) => boolean;
  readonly cap: VisitCap | undefined;
}

interface BoundSet {
  readonly fields: readonly string[];
  readonly filters: readonly BoundFilter[];
  readonly derived: DerivedReader;
}

/** Fields that a survey's own alerts never have, and what adds them. */
const ADDED: Readonly<Record<string, string>> = {
  cdsxmatch: 'run the cross-match step first',
  ...Object.fromEntries(
    ['rfscore', 'rf_snia_vs_nonia', 'snn_snia_vs_nonia', 'snn_sn_vs_all', 'roid'].map((name) => [
      name,
      "Fink's streams have it, the survey's own has not",
    ]),
  ),
};

/**
 * Filters over a stream: what they read of an alert, and which of them it passes. Filters are checked against each
 * schema that comes, before the first alert of it is read. It keeps the state of caps and of filters that are classes.
 */
export class FilterSet {
  private readonly bound = new Map<AvroSchema | SurveyName | undefined, BoundSet>();
  private readonly out = new Set<number>();
  private readonly caps: readonly (VisitCap | undefined)[];

  constructor(private readonly options: FilterSetOptions) {
    this.caps = options.filters.map(({ definition: { cap } }) =>
      cap === undefined ? undefined : new VisitCap(cap),
    );
  }

  get filters(): readonly AlertFilter[] {
    return this.options.filters;
  }

  /**
   * The fields that all of them read of the alerts of a schema, for a decoder.
   * @throws FatalError (APF_USAGE) that names the filter and what the schema lacks
   */
  fields(schema: AvroSchema): readonly string[] {
    return this.bind(schema, undefined).fields;
  }

  /** Leaves out a filter from now on. */
  leaveOut(index: number): void {
    this.out.add(index);
    this.bound.clear();
  }

  /**
   * Asks every filter that fits. `take` gets, for each that does not say false, its index and what it said: true, or
   * the error that it threw, which concerns no other.
   * @param schema by which the alert was read; undefined for JSON.
   */
  ask(
    alert: unknown,
    schema: AvroSchema | undefined,
    take: (index: number, verdict: true | Error) => void,
  ): void {
    const { filters, derived } = this.bind(schema, alert);
    derived.open(alert);
    for (const { index, passes, cap } of filters) {
      try {
        if (passes(alert) && (cap === undefined || cap.takes(alert))) take(index, true);
      } catch (thrown) {
        take(index, toError(thrown));
      }
    }
  }

  private bind(schema: AvroSchema | undefined, alert: unknown): BoundSet {
    // Without a schema each alert says of which survey it is.
    const survey = this.options.survey ?? (schema ? undefined : surveyOfAlert(alert));
    const key = schema ?? survey;
    let bound = this.bound.get(key);
    if (!bound) {
      bound = this.bindTo(schema, survey ?? (schema && surveyOfSchema(schema)));
      this.bound.set(key, bound);
    }
    return bound;
  }

  private bindTo(schema: AvroSchema | undefined, survey: SurveyName | undefined): BoundSet {
    const shared = new SharedReads();
    const derived = new DerivedReader(schema, survey, shared);
    const filters: BoundFilter[] = [];
    const problems: string[] = [];
    for (const [index, filter] of this.options.filters.entries()) {
      if (this.out.has(index)) continue;
      try {
        const cap = this.caps[index];
        const { passes, fields } = bindFilter(filter, { schema, survey, derived, shared });
        filters.push({ index, passes, cap, fields: cap ? [...fields, ...VISIT_FIELDS] : fields });
      } catch (error) {
        const why = toError(error).message;
        if (this.options.onUnfit) this.options.onUnfit(filter.name, why);
        else problems.push(`filter '${filter.name}': ${why}`);
      }
    }
    if (problems.length > 0 || filters.length === 0) throw unfit(problems, schema, survey);
    return { filters, derived, fields: [...new Set(filters.flatMap(({ fields }) => fields))] };
  }
}

interface Bound {
  readonly fields: readonly string[];
  readonly passes: (alert: unknown) => boolean;
}

/** What the filters of one schema share. */
interface Around {
  readonly schema: AvroSchema | undefined;
  readonly survey: SurveyName | undefined;
  readonly derived: DerivedReader;
  readonly shared: SharedReads;
}

/** @throws Error that says why the filter does not fit these alerts */
function bindFilter(filter: AlertFilter, around: Around): Bound {
  const { schema, survey, derived } = around;
  const { definition } = filter;
  const surveys = surveysOf(definition);
  if (surveys && !(survey && surveys.includes(survey)))
    throw new Error(
      `it is for alerts of ${surveys.join(' and ')}, these are of ${survey ?? 'no survey that is known'}`,
    );
  if ('expression' in definition) return bindExpression(definition.expression, around);
  const { fields = [], derived: keys = [] } = definition as FunctionFilter<unknown, never>;
  if (schema) for (const field of fields) checkField(field, schema);
  const view = derived.view(keys);
  return {
    fields: [...fields, ...keys.flatMap((key) => derived.fields(key))],
    passes: (alert) => isPass(definition.passes(alert, view)),
  };
}

/** Nothing but true passes; who takes the next thing for a pass lets the whole stream through. */
function isPass(said: unknown): boolean {
  if (typeof said !== 'boolean' && said instanceof Promise)
    throw new Error('passes() gives a promise, not true or false: it cannot be waited for');
  return said === true;
}

function bindExpression(
  expression: string | Readonly<Partial<Record<SurveyName, string>>>,
  { schema, survey, shared }: Around,
): Bound {
  const text = typeof expression === 'string' ? expression : survey && expression[survey];
  if (text === undefined)
    throw new Error(
      `it is for alerts of ${Object.keys(expression).join(' and ')}, these are of ${survey ?? 'no survey that is known'}`,
    );
  if (schema) {
    const { fields } = compileFilter(text, { survey });
    for (const name of Object.keys(ADDED)) if (fields.includes(name)) checkField(name, schema);
  }
  const { fields, test } = compileFilter(text, { schema, survey, shared });
  return { fields, passes: test };
}

function checkField(field: string, schema: AvroSchema): void {
  if (field.endsWith('?')) return;
  const names = field.split('.');
  if (resolvePath(schema, names)) return;
  const added = Object.hasOwn(ADDED, field) ? ADDED[field] : undefined;
  if (added) throw new Error(`needs ${field}: ${added}`);
  const near = nearestPath(schema, names);
  throw new Error(
    `the alerts have no field '${field}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
  );
}

function unfit(
  problems: readonly string[],
  schema: AvroSchema | undefined,
  survey: SurveyName | undefined,
): FatalError {
  const of = [survey && `survey ${survey}`, schema?.name && `schema ${schema.name}`]
    .filter(Boolean)
    .join(', ');
  const shown = problems.slice(0, 3).join('; ');
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  return new FatalError(
    `${problems.length === 0 ? 'no filter fits these alerts' : shown + more}${of && ` (alerts: ${of})`}`,
    {
      code: 'APF_USAGE',
    },
  );
}
