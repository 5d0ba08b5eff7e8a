import type { AvroSchema } from '@apf/core';
import { compileTree, type SharedReads } from './compile.js';
import { ExpressionError } from './expression-error.js';
import { parseExpression } from './parse.js';
import type { Kind } from './values.js';
import { surveyOfSchema, type SurveyName } from '../surveys/survey-of.js';

export interface ExpressionOptions {
  /** The alerts' schema: paths and kinds are checked against it. */
  readonly schema?: AvroSchema | undefined;
  /** Whose derived names are meant; by default that of the schema, or without one that of each alert. */
  readonly survey?: SurveyName | undefined;
  /** For expressions of the same schema and survey that are asked about each alert one after the other. */
  readonly shared?: SharedReads | undefined;
}

/** A compiled expression, see the package's README. It has no state: one serves any number of alerts. */
export interface Expression {
  readonly text: string;
  /** What its values are, as far as the schema tells. */
  readonly kind: Kind;
  /**
   * The paths that it reads, for a decoder's `fields`. Without a schema they are what was written, and those that a
   * derived name may need end in `?`.
   */
  readonly fields: readonly string[];
  /** Whether the condition holds; false where a value that it needs is missing. */
  readonly test: (alert: unknown) => boolean;
  /** The value at an alert: null where it is missing, a list for a path through an array. */
  readonly value: (alert: unknown) => number | bigint | string | boolean | readonly unknown[] | null;
}

/**
 * Compiles an expression such as `candidate.magpsf < 20 and snr > 5` into functions. The text is parsed, never run.
 * @throws ExpressionError, a UsageError, that names the column, and the nearest name for one that is not known
 */
export function compileExpression(text: string, options: ExpressionOptions = {}): Expression {
  const { schema } = options;
  const survey = options.survey ?? (schema && surveyOfSchema(schema));
  const fields = new Set<string>();
  const { kind, read } = compileTree(parseExpression(text), {
    text,
    schema,
    survey,
    fields,
    shared: options.shared,
  });
  return {
    text,
    kind,
    fields: [...fields],
    test: (alert) => read(alert) === true,
    value: (alert) => read(alert) ?? null,
  };
}

/** As {@link compileExpression}, for a condition: an expression that is a number or a text is refused. */
export function compileFilter(text: string, options: ExpressionOptions = {}): Expression {
  const expression = compileExpression(text, options);
  if (expression.kind !== 'boolean' && expression.kind !== 'any')
    throw new ExpressionError('it is no condition: compare it with something', 1, text);
  return expression;
}
