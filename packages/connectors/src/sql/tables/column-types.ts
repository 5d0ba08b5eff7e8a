import type { ColumnType } from '@apf/core';
import type { SqlDatabase } from '../open-database.js';

export type Engine = SqlDatabase['engine'];

/**
 * How each engine names the types. SQLite keeps whatever is declared; the words are those by which values get their
 * JavaScript types back, and by which SQLite leaves them as they are (TEXT in the name of a type keeps digits text).
 */
const NAMES: Readonly<Record<Engine, Readonly<Record<ColumnType, string>>>> = {
  postgres: {
    boolean: 'boolean',
    int32: 'integer',
    int64: 'bigint',
    float: 'real',
    double: 'double precision',
    text: 'text',
    bytes: 'bytea',
    json: 'jsonb',
    timestamp: 'timestamp with time zone',
  },
  sqlite: {
    boolean: 'BOOLEAN',
    int32: 'INTEGER',
    int64: 'BIGINT',
    float: 'FLOAT',
    double: 'DOUBLE',
    text: 'TEXT',
    bytes: 'BLOB',
    json: 'JSON TEXT',
    timestamp: 'TIMESTAMP TEXT',
  },
};

/** Other names by which tables that apf did not make may have declared the same. */
const SYNONYMS: Readonly<Record<string, ColumnType>> = {
  bool: 'boolean',
  int: 'int32',
  smallint: 'int32',
  int8: 'int64',
  real: 'double',
  'double precision': 'double',
  varchar: 'text',
  'character varying': 'text',
  json: 'json',
  jsonb: 'json',
  timestamp: 'timestamp',
  datetime: 'timestamp',
};

export const typeName = (engine: Engine, type: ColumnType): string => NAMES[engine][type];

/** The type that a database says a column has; undefined for one that apf has no word for. */
export function typeOfName(engine: Engine, declared: string): ColumnType | undefined {
  const name = declared.toLowerCase().replace(/\(.*\)$/, '');
  const own = Object.entries(NAMES[engine]).find(([, known]) => known.toLowerCase() === name);
  return (own?.[0] as ColumnType | undefined) ?? SYNONYMS[name];
}
