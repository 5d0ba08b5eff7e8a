import {
  type AddedField,
  type AvroSchema,
  extendSchema,
  FatalError,
  nearest,
  parseSchema,
  UsageError,
  type WrittenAlert,
} from '@apf/core';
import { identityOf } from '../surveys/identity.js';
import type { SkyPosition } from '../sky/sky-position.js';
import type { Catalogue, CatalogueColumn, CatalogueMatch } from './catalogue.js';

/** A value that a match adds to an alert. */
export type MatchedValue = number | string | bigint | boolean | null;

export interface CrossMatchOptions {
  /** [arcsec] @default 1 */
  readonly radius?: number | undefined;
  /** Fields to add to an alert, and the columns of the catalogue that they come from: `{ cdsxmatch: 'main_type' }`. */
  readonly fields: Readonly<Record<string, string>>;
  /** The field for the distance of the source [arcsec]. */
  readonly separation?: string | undefined;
  /** What fields of text hold where no source is near; null where absent. Fink writes 'Unknown' into cdsxmatch. */
  readonly unmatched?: string | undefined;
  /** The position of an alert; that of its detection where absent. */
  readonly positionOf?: ((alert: unknown) => SkyPosition | undefined) | undefined;
}

interface Taken {
  readonly field: string;
  readonly column: CatalogueColumn;
}

const TYPES: Readonly<Record<CatalogueColumn['type'], AddedField['type']>> = {
  number: 'double',
  text: 'string',
  integer: 'long',
  boolean: 'boolean',
};

/** Looks alerts up in a catalogue: what is known of the nearest source becomes fields of the alert. */
export class CrossMatch {
  /** What it adds, for a schema. */
  readonly added: readonly AddedField[];
  readonly radius: number;
  private readonly taken: readonly Taken[];
  private readonly nothing: Readonly<Record<string, MatchedValue>>;
  private readonly schemas = new Map<AvroSchema, AvroSchema>();
  /** Of the added fields alone. */
  private readonly ownSchema: AvroSchema;

  /** @throws UsageError for a column that the catalogue does not have */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly options: CrossMatchOptions,
  ) {
    const { fields, separation, unmatched, radius = 1 } = options;
    if (!(radius > 0)) throw new UsageError(`a match's radius is above 0 arcsec, not ${radius}`);
    this.radius = radius;
    this.taken = Object.entries(fields).map(([field, name]) => ({ field, column: demand(catalogue, name) }));
    const names = [
      ...this.taken.map(({ field }) => field),
      ...(separation === undefined ? [] : [separation]),
    ];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError(`a match writes the field '${twice}' twice`);
    for (const name of names) checkName(name);
    this.added = [
      ...this.taken.map(({ field, column: { name, type } }) => ({
        name: field,
        type: TYPES[type],
        doc: `${name} of the nearest source of the catalogue within ${radius} arcsec`,
      })),
      ...(separation === undefined
        ? []
        : [{ name: separation, type: 'double' as const, doc: 'distance of that source [arcsec]' }]),
    ];
    this.ownSchema = extendSchema(parseSchema({ type: 'record', name: 'match', fields: [] }), this.added);
    this.nothing = Object.fromEntries(
      this.added.map(({ name, type }) => [name, type === 'string' ? (unmatched ?? null) : null]),
    );
  }

  /** The nearest source within the radius; undefined where there is none, or the alert has no position. */
  nearest(alert: unknown): CatalogueMatch | undefined {
    const position = this.options.positionOf ? this.options.positionOf(alert) : detectionOf(alert);
    return position && this.catalogue.nearest(position, this.radius);
  }

  /** The fields to add to an alert; all of them, whether a source is near or not. */
  fieldsOf(alert: unknown): Readonly<Record<string, MatchedValue>> {
    const match = this.nearest(alert);
    if (!match) return this.nothing;
    const { separation, unmatched } = this.options;
    const fields: Record<string, MatchedValue> = {};
    for (const { field, column } of this.taken) {
      const value = this.catalogue.value(column, match.index);
      fields[field] = value === null && column.type === 'text' ? (unmatched ?? null) : value;
    }
    if (separation !== undefined) fields[separation] = match.separation;
    return fields;
  }

  /**
   * An alert's bytes with these fields behind its own, by the schema that {@link extend} gives: what the alert has itself is
   * neither decoded nor written anew.
   */
  extendBytes({ schema, bytes }: WrittenAlert, fields: Readonly<Record<string, MatchedValue>>): WrittenAlert {
    return { schema: this.extend(schema), bytes: Buffer.concat([bytes, this.ownSchema.encode(fields)]) };
  }

  /** The schema of alerts with these fields. @throws FatalError where the alerts have one of them already */
  extend(schema: AvroSchema): AvroSchema {
    let known = this.schemas.get(schema);
    if (!known) {
      const { root } = schema;
      const own = root.kind === 'record' ? root.fields.map(({ name }) => name) : [];
      const taken = this.added.find(({ name }) => own.includes(name));
      if (taken)
        throw new FatalError(
          `the alerts have a field '${taken.name}' already: give the match's another name`,
          { code: 'APF_USAGE' },
        );
      this.schemas.set(schema, (known = extendSchema(schema, this.added)));
    }
    return known;
  }
}

/** Undefined where the alert does not say where its detection is. */
function detectionOf(alert: unknown): SkyPosition | undefined {
  const { ra, dec } = identityOf(alert) ?? {};
  return ra === null || ra === undefined || dec === null || dec === undefined ? undefined : { ra, dec };
}

function demand(catalogue: Catalogue, name: string): CatalogueColumn {
  const column = catalogue.column(name);
  if (column) return column;
  const names = catalogue.columns.map((each) => each.name);
  const near = nearest(name, names);
  throw new UsageError(
    `the catalogue has no column '${name}'; ${near === undefined ? `it has ${names.slice(0, 30).join(', ')}` : `did you mean '${near}'?`}`,
  );
}

function checkName(name: string): void {
  if (!/^[A-Za-z_]\w{0,99}$/.test(name))
    throw new UsageError(`'${name.slice(0, 60)}' cannot name a field: use letters, digits and underscore`);
}
