import { parseJson } from '@apf/core';
import type pg from 'pg';

/** Types by their number in pg_type, which never changes. */
const INT8 = 20;
const FLOAT4 = 700;
const JSON = 114;
const JSONB = 3802;
const INT8_ARRAY = 1016;
const FLOAT4_ARRAY = 1021;

/**
 * How values that the server sends become JavaScript's, where pg itself would lose something: 64-bit integers as bigint,
 * `real` as the very float that it is, integers in JSON with all their digits.
 */
export function exactTypes(types: typeof pg.types): pg.CustomTypesConfig {
  const standard = types.getTypeParser as (id: number, format?: string) => (text: string) => unknown;
  const list = standard(INT8_ARRAY) as (text: string) => unknown[];
  const lists =
    (read: (text: string) => unknown) =>
    (text: string): unknown[] =>
      list(text).map(function each(item: unknown): unknown {
        if (Array.isArray(item)) return item.map(each);
        return typeof item === 'string' ? read(item) : item;
      });
  const float = (text: string): number => Math.fround(Number(text));
  const own = new Map<number, (text: string) => unknown>([
    [INT8, BigInt],
    [FLOAT4, float],
    [JSON, (text) => parseJson(text)],
    [JSONB, (text) => parseJson(text)],
    [INT8_ARRAY, lists(BigInt)],
    [FLOAT4_ARRAY, lists(float)],
  ]);
  const parser = (id: number, format?: string): ((text: string) => unknown) =>
    (format === 'binary' ? undefined : own.get(id)) ?? standard(id, format);
  return { getTypeParser: parser as typeof types.getTypeParser };
}
