import {
  type AddedField,
  type AvroSchema,
  type Codec,
  type ColumnType,
  extendSchema,
  FatalError,
  parseSchema,
  PoisonError,
  type RawMessage,
  type StreamAlert,
  toJson,
  type WrittenAlert,
} from '@apf/core';
import type { StoredAlert, StoredRow } from '../stored-alerts.js';
import type { FoundColumn } from '../tables/read-table.js';

/** The columns that `alert` itself has in the light-curve model: they say nothing new of an alert, and are not to be changed. */
export const OWN_COLUMNS: readonly string[] = [
  'candid',
  'oid',
  'survey',
  'mjd',
  'time',
  'topic',
  'partition',
  'offset',
  'schema_id',
  'payload',
  'ingested_seq',
  'ingested_xid',
];

/** What a column becomes in Avro; times and JSON are text. */
const TYPES: Readonly<Record<ColumnType, AddedField['type']>> = {
  boolean: 'boolean',
  int32: 'int',
  int64: 'long',
  float: 'float',
  double: 'double',
  text: 'string',
  bytes: 'bytes',
  json: 'string',
  timestamp: 'string',
};

/** A schema with the columns behind its fields, and the schema of these columns alone: their bytes follow the alert's. */
interface Extended {
  readonly schema: AvroSchema;
  readonly columns: AvroSchema;
}

interface Enrichment extends AddedField {
  readonly column: ColumnType;
}

/** What a message of the table `alert` stands for. */
export interface AlertRows {
  rowOf(message: RawMessage): StoredRow;
  decoded(row: StoredRow): StoredAlert;
  /** Of a row that could be decoded. */
  schemaOf(row: StoredRow): AvroSchema;
}

/**
 * Alerts of the table `alert`: as they were received, with the columns that enrichment has added to the table as further
 * fields. A field that the alert has itself stays its own.
 */
export class AlertRowCodec implements Codec<StreamAlert> {
  private readonly enrichment: readonly Enrichment[];
  private readonly schemas = new Map<AvroSchema, Extended>();
  private readonly inexact = new WeakSet<StoredRow>();

  /** @param left a column that is no part of the alerts */
  constructor(
    private readonly rows: AlertRows,
    columns: readonly FoundColumn[],
    left: string | undefined,
  ) {
    this.enrichment = columns.flatMap(({ name, type }) =>
      type === undefined || OWN_COLUMNS.includes(name) || name === left
        ? []
        : [{ name, type: TYPES[type], column: type }],
    );
  }

  decode(_: Buffer, message?: RawMessage): StreamAlert[] {
    const row = this.rows.rowOf(message!);
    const { alert, schema, exact } = this.alertOf(row);
    if (!exact) this.inexact.add(row);
    return [
      { value: this.enriched(alert, row), schema: this.extended(schema).schema, framing: 'schemaless' },
    ];
  }

  /** As it was received, with the columns' values behind it; undefined where more was stored than the alert. */
  written(message: RawMessage): WrittenAlert | undefined {
    const row = this.rows.rowOf(message);
    if (this.inexact.has(row)) return undefined;
    const received = this.rows.schemaOf(row);
    const { schema, columns } = this.extended(received);
    if (schema === received) return { schema, bytes: row.payload };
    return { schema, bytes: Buffer.concat([row.payload, columns.encode(this.enriched({}, row))]) };
  }

  encode(): Buffer {
    throw new FatalError('the table alert is read here, not written');
  }

  private alertOf(row: StoredRow): StoredAlert {
    try {
      return this.rows.decoded(row);
    } catch (error) {
      // One alert without its schema must not keep all that follow.
      if (!(error instanceof FatalError)) throw error;
      throw new PoisonError(error.message, { code: error.code, cause: error });
    }
  }

  private enriched(alert: unknown, { row }: StoredRow): unknown {
    if (this.enrichment.length === 0) return alert;
    const added = this.enrichment.map(({ name, column }) => [name, fieldValue(row[name], column)] as const);
    return { ...Object.fromEntries(added), ...(alert as object) };
  }

  private extended(schema: AvroSchema): Extended {
    let known = this.schemas.get(schema);
    if (!known) {
      const extended = extendSchema(schema, this.enrichment);
      const own = schema.root.kind === 'record' ? schema.root.fields.map(({ name }) => name) : [];
      const added = this.enrichment.filter(({ name }) => !own.includes(name));
      const nothing = parseSchema({ type: 'record', name: 'columns', fields: [] });
      known = { schema: extended, columns: extendSchema(nothing, added) };
      this.schemas.set(schema, known);
    }
    return known;
  }
}

function fieldValue(value: unknown, column: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (column === 'json') return toJson(value);
  return value instanceof Date ? value.toISOString() : value;
}
