import { PoisonError } from '@apf/core';

/** What a classifier says of an object, as Lasair's annotators say it. */
export interface Annotation {
  /** A bigint is written as its digits. */
  readonly objectId: string | bigint;
  /** Who says it: the annotator's name. */
  readonly topic: string;
  readonly classification: string;
  readonly version?: string;
  readonly explanation?: string;
  /** Anything that can be written as JSON. */
  readonly classdict?: Readonly<Record<string, unknown>>;
  readonly url?: string;
}

const TEXTS = ['topic', 'classification', 'version', 'explanation', 'url'] as const;
const NEEDED = ['objectId', 'topic', 'classification'] as const;
const KEYS: readonly string[] = ['objectId', ...TEXTS, 'classdict'];

/** @throws PoisonError (APF_ENCODE) for a result that Lasair would not take as an annotation. */
export function checkAnnotation(value: unknown): asserts value is Annotation {
  const refuse = (what: string): never => {
    throw new PoisonError(`the result is no annotation: ${what}`, { code: 'APF_ENCODE' });
  };
  if (typeof value !== 'object' || value === null) return refuse('it is no object');
  const given = value as Readonly<Record<string, unknown>>;
  for (const key of NEEDED) if (given[key] === undefined || given[key] === '') refuse(`'${key}' is missing`);
  for (const key of Object.keys(given)) if (!KEYS.includes(key)) refuse(`'${key}' is no field of one`);
  if (!['string', 'bigint'].includes(typeof given.objectId)) refuse("'objectId' must be text or a bigint");
  for (const key of TEXTS)
    if (given[key] !== undefined && typeof given[key] !== 'string') refuse(`'${key}' must be text`);
  const { classdict } = given;
  if (
    classdict !== undefined &&
    (typeof classdict !== 'object' || classdict === null || Array.isArray(classdict))
  )
    refuse("'classdict' must be an object");
}
