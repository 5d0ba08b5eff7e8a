import { FatalError } from '../errors.js';
import { type AvroSchema, parseSchema } from './schema.js';

/** A field that is added to an alert; it may be null, and is where nothing says otherwise. */
export interface AddedField {
  readonly name: string;
  readonly type: 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes';
  readonly doc?: string | undefined;
}

/**
 * The schema with fields behind those of its record. One that the record has already stays as it is.
 * @throws FatalError (APF_SCHEMA) for a schema that is no record
 */
export function extendSchema(schema: AvroSchema, added: readonly AddedField[]): AvroSchema {
  const { root } = schema;
  if (root.kind !== 'record') {
    throw new FatalError(`fields are added to records, and the schema is of the kind '${root.kind}'`, {
      code: 'APF_SCHEMA',
    });
  }
  const missing = added.filter(({ name }) => !root.fields.some((field) => field.name === name));
  if (missing.length === 0) return schema;
  const json = JSON.parse(schema.json) as { readonly fields: readonly object[] };
  const fields = missing.map(({ name, type, doc }) => ({
    name,
    ...(doc === undefined ? {} : { doc }),
    type: ['null', type],
    default: null,
  }));
  return parseSchema({ ...json, fields: [...json.fields, ...fields] });
}
