import { type AvroSchema, parseSchema } from '@apf/core';
import { DERIVED_NAMES } from '../expressions/derived-names.js';
import { syntheticSky } from '../synthetic-sky.js';
import type { SurveyName } from '../surveys/survey-of.js';
import { type DerivedKey, type DerivedValues, surveysOf } from './alert-filter.js';
import { DerivedReader } from './derived-reader.js';
import { filterOf } from './filter-of.js';
import { FilterSet } from './filter-set.js';

export interface TrialOptions {
  /** Whose alerts; those of the filter's survey where absent, ZTF's where it has none. */
  readonly survey?: SurveyName | undefined;
  /** Alerts of one's own, instead of a night of the synthetic sky, and their schema. */
  readonly alerts?: readonly unknown[] | undefined;
  readonly schema?: AvroSchema | undefined;
}

/** What a filter said of some alerts. */
export interface Trial {
  readonly asked: number;
  /** Each alert whole, with all its derived values. */
  readonly passed: readonly { readonly alert: unknown; readonly derived: DerivedValues }[];
  readonly errors: readonly string[];
}

const KEYS = DERIVED_NAMES.map(({ name }) => name as DerivedKey);

/**
 * Tries a filter, as its file exports it, on a night of synthetic alerts, or on alerts of one's own. Each is written and
 * read as a stream's is: the filter gets only the fields that it names.
 * @throws FatalError where it does not fit the alerts
 */
export function tryFilter(exported: unknown, options: TrialOptions = {}): Trial {
  const filter = filterOf(exported, 'filter', 'the filter');
  const survey = options.survey ?? surveysOf(filter.definition)?.[0] ?? 'ztf';
  const { schema, alerts } = options.alerts
    ? { schema: options.schema, alerts: options.alerts }
    : night(survey);
  const set = new FilterSet({ filters: [filter], survey });
  const decoder = schema?.decoder({ fields: (of) => set.fields(of) });
  const reader = new DerivedReader(schema, survey);
  const passed: { alert: unknown; derived: DerivedValues }[] = [];
  const errors: string[] = [];
  let asked = 0;
  for (const alert of alerts) {
    asked++;
    set.ask(decoder ? decoder.decode(schema!.encode(alert)) : alert, schema, (_, verdict) => {
      if (verdict !== true) errors.push(verdict.message);
      else passed.push({ alert, derived: valuesOf(reader, alert) });
    });
  }
  return { asked, passed, errors };
}

function valuesOf(reader: DerivedReader, alert: unknown): DerivedValues {
  reader.open(alert);
  return Object.fromEntries(KEYS.map((key) => [key, reader.value(key)])) as unknown as DerivedValues;
}

interface Night {
  readonly schema: AvroSchema;
  readonly alerts: readonly unknown[];
}

const nights = new Map<SurveyName, Night>();

/** The same for every filter: a hundred tests make it once. */
function night(survey: SurveyName): Night {
  let made = nights.get(survey);
  if (!made) {
    const sky = syntheticSky({
      survey,
      seed: 1,
      objects: 200,
      start: new Date(Date.UTC(2026, 0, 1)),
      nights: 1,
      cutouts: false,
    });
    made = { schema: parseSchema(sky.schema), alerts: [...sky.alerts()].map(({ alert }) => alert) };
    nights.set(survey, made);
  }
  return made;
}
