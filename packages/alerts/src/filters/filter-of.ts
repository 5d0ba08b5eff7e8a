import { printable, toError, UsageError } from '@apf/core';
import { compileFilter } from '../expressions/compile-expression.js';
import { findDerivedName } from '../expressions/derived-names.js';
import { type SurveyName, SURVEYS } from '../surveys/survey-of.js';
import {
  type AlertFilter,
  type DerivedKey,
  type FilterDefinition,
  filterNameProblem,
} from './alert-filter.js';

const KEYS = ['name', 'description', 'source', 'survey', 'cap', 'fields', 'derived', 'passes', 'expression'];

/**
 * The filter that a value describes: the default export of a filter's file. It is a text (an expression), a definition,
 * or a class, of which one instance is made; its own `name` goes before the one that is given.
 * @param where the file, for errors.
 * @throws UsageError that names the file and what is wrong
 */
export function filterOf(exported: unknown, name: string, where: string): AlertFilter {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError(`${where}: ${why}`, { code: 'APF_USAGE', cause });
  };
  let value: unknown = typeof exported === 'string' ? { expression: exported } : exported;
  if (typeof exported === 'function') {
    if (!isClass(exported))
      return refuse('a bare function does not say which fields it reads: use defineFilter');
    try {
      value = new (exported as new () => unknown)();
    } catch (error) {
      return refuse(`its class cannot be made: ${toError(error).message}`, error);
    }
  }
  if (typeof value !== 'object' || value === null)
    return refuse(
      'its default export is no filter: export defineFilter({…}), a class with passes(), or an expression',
    );
  const given = value as Readonly<Record<string, unknown>>;
  const named = given.name === undefined ? name : given.name;
  if (typeof named !== 'string') return refuse("'name' is a text");
  const problem = filterNameProblem(named);
  if (problem) refuse(`'${printable(named, 60)}' ${problem}`);
  checkDescription(given, refuse);
  if (given.expression !== undefined) checkExpression(given, refuse);
  else checkFunction(given, refuse);
  return { name: named, definition: value as FilterDefinition };
}

type Refuse = (why: string, cause?: unknown) => never;

function checkDescription(
  { description, source, survey, cap }: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): void {
  for (const [key, text] of Object.entries({ description, source }))
    if (text !== undefined && typeof text !== 'string') refuse(`'${key}' is a text`);
  for (const one of Array.isArray(survey) ? (survey as unknown[]) : survey === undefined ? [] : [survey])
    if (!SURVEYS.includes(one as SurveyName)) refuse(`'survey' is one or more of ${SURVEYS.join(', ')}`);
  if (cap !== undefined && !(Number.isSafeInteger(cap) && (cap as number) >= 1))
    refuse("'cap' is a whole number of 1 or more: alerts per visit");
}

/** Mistakes in the text are found at once, unknown names once a schema is there. */
function checkExpression({ expression, passes }: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  if (passes !== undefined) refuse("it has both 'expression' and 'passes': one says what passes");
  const texts = typeof expression === 'string' ? [[undefined, expression] as const] : entriesOf(expression);
  if (!texts || texts.length === 0) return refuse("'expression' is a text, or one for each survey");
  for (const [survey, text] of texts) {
    if (survey !== undefined && !SURVEYS.includes(survey as SurveyName))
      refuse(`'expression' is for one or more of ${SURVEYS.join(', ')}, not '${printable(survey, 40)}'`);
    if (typeof text !== 'string') return refuse("'expression' is a text, or one for each survey");
    try {
      compileFilter(text, { survey: survey as SurveyName | undefined });
    } catch (error) {
      refuse((error as Error).message, error);
    }
  }
}

function checkFunction(given: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  const { passes, fields, derived } = given;
  if (typeof passes !== 'function') {
    const keys = Object.keys(given).filter((key) => !KEYS.includes(key));
    refuse(
      `it has no function passes(alert, derived)${keys.length > 0 ? `; it has ${printable(keys.join(', '), 80)}` : ''}`,
    );
  }
  for (const [key, list] of Object.entries({ fields, derived }))
    if (list !== undefined && !(Array.isArray(list) && list.every((item) => typeof item === 'string')))
      refuse(`'${key}' is a list of names`);
  const unknown = ((derived ?? []) as string[]).find((key) => !findDerivedName(key));
  if (unknown !== undefined) refuse(`'derived': there is no derived value '${printable(unknown, 40)}'`);
  if (((fields ?? []) as string[]).length + ((derived ?? []) as DerivedKey[]).length === 0)
    refuse("it reads nothing: name its 'fields' or 'derived' values, only these are decoded");
}

const entriesOf = (value: unknown): [string, unknown][] | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;

const isClass = (value: object): boolean => /^class\b/.test(Function.prototype.toString.call(value));
