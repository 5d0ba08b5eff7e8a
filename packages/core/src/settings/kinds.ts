import { isData } from './plain-data.js';

/** A kind of value: what it must be, in words, the test for it, and how text from the environment becomes one. */
export interface Kind {
  readonly must: string;
  test(value: unknown): boolean;
  /** @returns the text itself where it is no such value, so that the test refuses it. */
  fromText(text: string): unknown;
}

const kind = (must: string, test: Kind['test'], fromText: Kind['fromText'] = (text) => text): Kind => ({
  must,
  test,
  fromText,
});

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);
const number = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);
const list = (text: string): string[] => text.split(',').map((item) => item.trim());

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];
const boolean = (text: string): unknown => {
  const word = text.trim().toLowerCase();
  return YES.includes(word) ? true : NO.includes(word) ? false : text;
};

const isTime = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isInteger(value) && value >= 0) ||
  (isText(value) && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)));

export const text = kind('be text', isText);
export const flag = kind('be true or false', (value) => typeof value === 'boolean', boolean);
export const texts = kind('be a list of text', isList, list);
export const textOrTexts = kind('be text or a list of text', (value) => isText(value) || isList(value));
export const flagOrTexts = kind(
  'be true, false or a list of text',
  (value) => typeof value === 'boolean' || isList(value),
  (words) => {
    const value = boolean(words);
    return typeof value === 'boolean' ? value : list(words);
  },
);
export const startTime = kind(
  "be milliseconds since 1970 or an ISO time such as '2026-03-15T00:00Z'",
  isTime,
  number,
);
export const endTime = kind(
  "be milliseconds since 1970, an ISO time such as '2026-03-15T00:00Z', or 'latest'",
  (value) => value === 'latest' || isTime(value),
  number,
);
export const url = kind("be a URL such as 'https://registry.example.org'", (value) => {
  if (!isText(value) || !URL.canParse(value)) return false;
  return ['http:', 'https:'].includes(new URL(value).protocol);
});

export const wholeFrom = (least: number): Kind =>
  kind(
    `be a whole number from ${least} on`,
    (value) => Number.isInteger(value) && Number(value) >= least,
    number,
  );

export const port = kind(
  'be a port from 0 (any free one) to 65535',
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
  number,
);

/** `EXTRA_METRICS`; what its items hold is checked with the rest of its section. */
export const metrics = kind(
  'be a list of fields, each its name or { key, alias, format, value }',
  (value) => Array.isArray(value) && value.every((item) => isText(item) || isData(item)),
  list,
);

/** Seconds; timers take no more than 2^31 ms. */
export const seconds = kind(
  'be a number of seconds, 0 or more',
  (value) => typeof value === 'number' && value >= 0 && value <= 2_147_483,
  number,
);

/** In the environment case does not count. */
export const oneOf = (...words: readonly string[]): Kind =>
  kind(
    `be one of ${words.map((word) => `'${word}'`).join(', ')}`,
    (value) => words.includes(value as string),
    (text) => words.find((word) => word === text.trim().toLowerCase()) ?? text,
  );

export const delimiter = kind(
  'be one character',
  (value) => typeof value === 'string' && [...value].length === 1,
);
