import { type ColumnType, PoisonError, type Row } from '@apf/core';
import type { BinaryWriter } from './binary-writer.js';
import { type ColumnValue, columnValue } from './column-value.js';
import type { Column } from './operation.js';

/** How a column's values are sent: as an array of this type, or in a row of a binary COPY. */
export interface PostgresColumn extends Column {
  /** Type of the array that is sent, and its element's number in pg_type, which never changes. */
  readonly sent: string;
  readonly element: number;
  /** What is to be made of it in the statement; undefined where the assignment does it. */
  readonly cast: string | undefined;
  /** Whether it is sent in the very type of the column: COPY converts nothing. */
  readonly exact: boolean;
  readonly write: (writer: BinaryWriter, row: Row) => void;
}

type Encoder = (writer: BinaryWriter, value: NonNullable<ColumnValue>, name: string) => void;

interface Wire {
  readonly sent: string;
  readonly element: number;
  readonly encode: Encoder;
  /** Names of the column's type for which this is exact. */
  readonly exact: RegExp;
}

/** Ms from 1970 to 2000, where PostgreSQL counts microseconds from. */
const Y2K = 946_684_800_000;

const WIRES: Readonly<Record<ColumnType, Wire>> = {
  boolean: {
    sent: 'boolean',
    element: 16,
    exact: /^boolean$/,
    encode: (writer, value) => writer.sizedBoolean(value as boolean),
  },
  int32: {
    sent: 'integer',
    element: 23,
    exact: /^integer$/,
    encode: (writer, value, name) => writer.sizedInt32(int32(value as number | bigint, name)),
  },
  int64: {
    sent: 'bigint',
    element: 20,
    exact: /^bigint$/,
    encode: (writer, value) => writer.sizedInt64(value as number | bigint),
  },
  float: {
    sent: 'real',
    element: 700,
    exact: /^real$/,
    encode: (writer, value, name) => writer.sizedFloat(float(value as number, name)),
  },
  double: {
    sent: 'double precision',
    element: 701,
    exact: /^double precision$/,
    encode: (writer, value) => writer.sizedDouble(value as number),
  },
  text: {
    sent: 'text',
    element: 25,
    exact: /^(text|character varying(\(.*\))?)$/,
    encode: (writer, value) => writer.sizedText(value as string),
  },
  bytes: {
    sent: 'bytea',
    element: 17,
    exact: /^bytea$/,
    encode: (writer, value) => writer.sizedBytes(value as Buffer),
  },
  json: {
    sent: 'jsonb',
    element: 3802,
    exact: /^jsonb$/,
    // The version of the format stands first.
    encode: (writer, value) => writer.sizedText(value as string, 1),
  },
  timestamp: {
    sent: 'timestamp with time zone',
    element: 1184,
    exact: /^timestamp(\(.*\))? with time zone$/,
    encode: (writer, value) =>
      writer.sizedInt64(BigInt(Math.trunc((value as Date).getTime()) - Y2K) * 1_000n),
  },
};

/** JSON as text, and types that apf has no word for: the server reads them from their text. */
const TEXT: Wire = {
  sent: 'text',
  element: 25,
  exact: /^$/,
  encode: (writer, value) => writer.sizedText(inText(value)),
};

export function postgresColumn(column: Column): PostgresColumn {
  const { name, type, declared } = column;
  const wire = type === undefined || (type === 'json' && declared !== 'jsonb') ? TEXT : WIRES[type];
  const { sent, element, encode } = wire;
  const exact = wire.exact.test(declared);
  return {
    ...column,
    sent,
    element,
    cast: wire === TEXT ? castTo(declared) : undefined,
    exact,
    write: (writer, row) => {
      const value = columnValue(row[name], type, name);
      if (value === null) writer.null();
      else encode(writer, value, name);
    },
  };
}

/**
 * A cast to a type with a length would cut what is longer; without it the assignment refuses that. `character` and `bit`
 * mean a length of 1 where none stands, and are assigned from what has no length.
 */
function castTo(declared: string): string {
  const type = declared.replace(/\([^)]*\)/, '');
  if (/^character(\[|$)/.test(type)) return type.replace('character', 'bpchar');
  return type.replace(/^bit(?! varying)/, 'bit varying');
}

function inText(value: NonNullable<ColumnValue>): string {
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return value instanceof Date ? value.toISOString() : String(value);
}

function int32(value: number | bigint, name: string): number {
  const number = Number(value);
  if (number === (number | 0)) return number;
  throw new PoisonError(`the column ${JSON.stringify(name)} cannot take ${value}: it holds 32 bits`, {
    code: 'APF_ROW',
  });
}

function float(value: number, name: string): number {
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new PoisonError(`the column ${JSON.stringify(name)} cannot take ${value}: it holds 32 bits`, {
      code: 'APF_ROW',
    });
  }
  return value;
}
