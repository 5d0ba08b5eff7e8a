import { BANDS, type Band } from './synthetic-sky/bands.js';

/**
 * The fields of an Avro record as text. A line is a type (`?`: or null), its unit if it has one, a colon, and the names
 * of the fields that are so: `float? nJy: psfFlux psfFluxErr`. A run of lines with `*` in their names stands once for
 * each of LSST's bands, u first; a blank line ends a run.
 */
export type RecordTable = string;

/** A field: name, type, unit or ''. */
export type FieldRow = readonly [name: string, type: string, unit: string];

/** The fields of a table, in their order. */
export function fieldRows(table: RecordTable): FieldRow[] {
  const rows: FieldRow[] = [];
  let run: FieldRow[] = [];
  const flush = (): void => {
    for (const band of BANDS) {
      rows.push(...run.map(([name, ...rest]) => [name.replaceAll('*', band), ...rest] as const));
    }
    run = [];
  };
  for (const line of table.split('\n')) {
    const [head, names] = line.trim().split(': ');
    if (!head!.length || !names!.includes('*')) flush();
    if (!head) continue;
    const [type, unit = ''] = head.split(' ');
    for (const name of names!.split(' ')) (name.includes('*') ? run : rows).push([name, type!, unit]);
  }
  flush();
  return rows;
}

/** The type of the records of a table, in the values of `core/codecs`. */
export type RecordOf<Table extends RecordTable> = {
  [Row in Rows<Table> as Row[0]]: ValueOf<Row[1]>;
};

type Rows<Text extends string, Found = never> = Text extends `${infer Line}\n${infer Rest}`
  ? Rows<Rest, Found | RowsOfLine<Trim<Line>>>
  : Found | RowsOfLine<Trim<Text>>;

type RowsOfLine<Line extends string> = Line extends `${infer Head}: ${infer Names}`
  ? [ForEachBand<Words<Names>>, Head extends `${infer Type} ${string}` ? Type : Head]
  : never;

type Words<Text extends string, Found = never> = Text extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Word>
  : Found | Text;

type ForEachBand<Name> = Name extends string
  ? Name extends `${string}*${string}`
    ? Expand<Name>
    : Name
  : never;

type Expand<Name extends string, In extends Band = Band> = In extends Band ? Replace<Name, In> : never;

type Replace<Name extends string, By extends string> = Name extends `${infer Before}*${infer After}`
  ? `${Before}${By}${Replace<After, By>}`
  : Name;

type Trim<Text extends string> = Text extends ` ${infer Rest}` ? Trim<Rest> : Text;

type ValueOf<Type> = Type extends `${infer Base}?` ? PrimitiveOf<Base> | null : PrimitiveOf<Type>;

type PrimitiveOf<Type> = Type extends 'long' | 'timestamp-micros'
  ? bigint
  : Type extends 'int' | 'float' | 'double'
    ? number
    : Type extends 'boolean'
      ? boolean
      : string;

/** The Avro schema of a table's records, null first in the unions, its default. */
export function recordSchema(namespace: string, name: string, table: RecordTable): object {
  return { type: 'record', namespace, name, fields: fieldRows(table).map(fieldSchema) };
}

function fieldSchema([name, type, unit]: FieldRow): object {
  const doc = unit ? { doc: `[${unit}]` } : {};
  const plain = type.replace('?', '');
  const avro = plain === 'timestamp-micros' ? { type: 'long', logicalType: plain } : plain;
  return type.endsWith('?')
    ? { name, type: ['null', avro], default: null, ...doc }
    : { name, type: avro, ...doc };
}
