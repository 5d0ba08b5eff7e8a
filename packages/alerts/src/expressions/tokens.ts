import { ExpressionError } from './expression-error.js';

/** Longer texts are refused unread: thousands of ids fit, and nobody waits for a hostile one. */
export const MAX_LENGTH = 256 * 1024;

export const KEYWORDS = ['and', 'or', 'not', 'in', 'is', 'missing', 'true', 'false'] as const;
export type Keyword = (typeof KEYWORDS)[number];

/** `at` is the column where the token begins, from 1. */
export type Token =
  | { readonly kind: 'number'; readonly value: number | bigint; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'name'; readonly value: string; readonly quoted: boolean; readonly at: number }
  | { readonly kind: 'keyword'; readonly value: Keyword; readonly at: number }
  | { readonly kind: 'symbol'; readonly value: string; readonly at: number }
  | { readonly kind: 'end'; readonly value: ''; readonly at: number };

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SYMBOL = /\*\*|<=|>=|==|!=|[-+*/%<>(),.[\]]/y;

/** What other languages write, and what it is here. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/&&?/y, "write 'and'"],
  [/\|\|?/y, "write 'or'"],
  [/!/y, "write 'not'"],
  [/=/y, "write '==' to compare"],
  [/~/y, "write 'not'"],
];

/** @throws ExpressionError for a character that has no place in an expression */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionError(`it has ${text.length} characters, ${MAX_LENGTH} at most are read`, 1, '');
  }
  const tokens: Token[] = [];
  let p = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = p;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    p += match(SPACE)?.length ?? 0;
    const at = p + 1;
    if (p >= text.length) return [...tokens, { kind: 'end', value: '', at }];
    const quote = text[p]!;
    if (quote === "'" || quote === '"' || quote === '`') {
      const { value, end } = quoted(text, p, quote);
      tokens.push(quote === '`' ? { kind: 'name', value, quoted: true, at } : { kind: 'text', value, at });
      p = end;
      continue;
    }
    const number = match(NUMBER);
    if (number !== undefined) {
      p += number.length;
      const attached = match(NAME);
      if (attached !== undefined)
        throw new ExpressionError(`'${number}${attached.slice(0, 20)}' is no number`, at, text);
      tokens.push({ kind: 'number', value: numberOf(number, at, text), at });
      continue;
    }
    const name = match(NAME);
    if (name !== undefined) {
      const keyword = keywordOf(name);
      tokens.push(
        keyword ? { kind: 'keyword', value: keyword, at } : { kind: 'name', value: name, quoted: false, at },
      );
      p += name.length;
      continue;
    }
    const symbol = match(SYMBOL);
    if (symbol === undefined) throw new ExpressionError(foreign(match, text[p]!), at, text);
    tokens.push({ kind: 'symbol', value: symbol, at });
    p += symbol.length;
  }
}

/** Keywords in lower case, or in capitals as SQL has them. `null` and Python's words are taken for ours. */
function keywordOf(name: string): Keyword | undefined {
  const lower = name.toLowerCase();
  if (name === 'null' || name === 'NULL' || name === 'None') return 'missing';
  if (name === 'True' || name === 'False') return lower as Keyword;
  if (name !== lower && name !== name.toUpperCase()) return undefined;
  return KEYWORDS.find((keyword) => keyword === lower);
}

function quoted(text: string, start: number, quote: string): { value: string; end: number } {
  let value = '';
  for (let p = start + 1; p < text.length; p++) {
    const character = text[p]!;
    if (character === quote) return { value, end: p + 1 };
    if (character === '\\' && quote !== '`') {
      p++;
      value += text[p] ?? '';
    } else value += character;
  }
  throw new ExpressionError(
    `this ${quote === '`' ? 'name' : 'text'} has no closing ${quote}`,
    start + 1,
    text,
  );
}

/** A whole number that a double would round is a bigint: ids of 64 bits stay exact. */
function numberOf(digits: string, at: number, text: string): number | bigint {
  const value = Number(digits);
  if (!Number.isFinite(value)) throw new ExpressionError('this number is too large', at, text);
  return /^\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}

function foreign(match: (pattern: RegExp) => string | undefined, character: string): string {
  for (const [pattern, advice] of ELSEWHERE) {
    const found = match(pattern);
    if (found !== undefined) return `'${found}' is not known; ${advice}`;
  }
  return `'${character}' has no place here`;
}
