import type { SurveyName } from '../surveys/survey-of.js';

/** A name of a filter: it names a topic, a file and a class. */
const LEGAL_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/**
 * Values that mean the same for every survey, by their names in expressions (see the package's README). A number that
 * the alert does not have is NaN, so every comparison with it is false.
 */
export interface DerivedValues {
  /** Right ascension and declination of the detection [deg]. */
  readonly ra: number;
  readonly dec: number;
  /** Time of the detection, Modified Julian Date, UTC [d]. */
  readonly mjd: number;
  /** The filter of the camera: 'u', 'g', 'r', 'i', 'z', 'y'. */
  readonly band: string | undefined;
  /** Magnitude of the difference flux, AB [mag]. */
  readonly mag: number;
  /** Difference flux with its sign [nJy]. */
  readonly flux: number;
  /** Whether the source is brighter than in the template; false where the alert does not say. */
  readonly positive: boolean;
  /** Signal-to-noise ratio of the difference flux, without its sign. */
  readonly snr: number;
  /** Time since the first detection that the alert tells of [d]. */
  readonly age: number;
  /** Number of detections so far, this one included. */
  readonly ndet: number;
}

export type DerivedKey = keyof DerivedValues;

/** What every filter says of itself. */
export interface FilterDescription {
  /** One line for lists. */
  readonly description?: string | undefined;
  /** Where the rule comes from. */
  readonly source?: string | undefined;
  /** Whose alerts it is for; any where absent. */
  readonly survey?: SurveyName | readonly SurveyName[] | undefined;
  /** At most so many alerts pass per visit (an exposure of the telescope); all where absent. */
  readonly cap?: number | undefined;
}

/** A filter as a function of the alert, and the fields that it reads: others are not even decoded. */
export interface FunctionFilter<Alert, Key extends DerivedKey = never> extends FilterDescription {
  /** Dotted paths, `candidate.magpsf`; a path that ends in `?` may be missing from the alerts' schema. */
  readonly fields?: readonly string[] | undefined;
  /** Derived values that it reads. */
  readonly derived?: readonly Key[] | undefined;
  passes(alert: Alert, derived: Pick<DerivedValues, Key>): boolean;
}

/** A filter as an expression: one for all surveys, or one for each. */
export interface ExpressionFilter extends FilterDescription {
  readonly expression: string | Readonly<Partial<Record<SurveyName, string>>>;
}

/** What a filter's file exports: a text is an expression, a class is made once and may keep a state. */
export type FilterDefinition =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  FunctionFilter<any, DerivedKey> | ExpressionFilter;

/** A filter with its name, ready to be bound to a schema by {@link FilterSet}. */
export interface AlertFilter {
  readonly name: string;
  readonly definition: FilterDefinition;
}

/** Gives a filter's function the types of what it reads. */
export function defineFilter<Alert, const Key extends DerivedKey = never>(
  filter: FunctionFilter<Alert, Key>,
): FunctionFilter<Alert, Key> {
  return filter;
}

/** What is wrong with the name of a filter, to be read after it; undefined for a legal one. */
export function filterNameProblem(name: string): string | undefined {
  if (LEGAL_NAME.test(name)) return undefined;
  return 'cannot name a filter: use a letter, then letters, digits, _ and -, 100 characters at most';
}

/** The surveys that a filter is for; undefined for any. */
export function surveysOf(definition: FilterDefinition): readonly SurveyName[] | undefined {
  const { survey } = definition;
  if (survey !== undefined) return typeof survey === 'string' ? [survey] : survey;
  if (!('expression' in definition) || typeof definition.expression === 'string') return undefined;
  return Object.keys(definition.expression) as SurveyName[];
}

/** What a filter reads, for people: derived values and fields, or its expressions. */
export function readsOf(definition: FilterDefinition): readonly string[] {
  if (!('expression' in definition)) {
    return [
      ...(definition.derived ?? []),
      ...(definition.fields ?? []).map((field) => field.replace(/\?$/, '')),
    ];
  }
  const { expression } = definition;
  return typeof expression === 'string' ? [expression] : Object.values(expression);
}
