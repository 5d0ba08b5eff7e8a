import type { AvroSchema } from '@apf/core';

/** A field of the alert that the first version of a step reads, in all the spellings that its files need. */
export interface AlertField {
  readonly name: string;
  /** As a key of an interface or an object: quoted where it must be. */
  readonly key: string;
  /** As read from the variable `message`. */
  readonly value: string;
  /** As a field of a log line, in which a JSON reader would round 64 bits. */
  readonly logValue: string;
  readonly type: 'string' | 'bigint' | 'number';
  readonly avro: string;
  /** An example of a value, as TypeScript. */
  readonly sample: string;
}

const TYPES = {
  string: ['string', `'ZTF18abcdefg'`],
  long: ['bigint', '2250123456715015001n'],
  int: ['number', '1'],
} as const;

function alertField(name: string, avro: keyof typeof TYPES): AlertField {
  const plain = /^[A-Za-z_$][\w$]*$/.test(name);
  const key = plain ? name : JSON.stringify(name);
  const value = plain ? `message.${name}` : `message[${key}]`;
  const [type, sample] = TYPES[avro];
  return { name, key, value, logValue: type === 'bigint' ? `String(${value})` : value, type, avro, sample };
}

/** The two ids that nearly every survey gives. */
export function defaultAlertFields(): AlertField[] {
  return [alertField('objectId', 'string'), alertField('candid', 'long')];
}

/** At most two fields of a schema that look like ids: plain text or integers, those with `id` in their name first. */
export function alertFieldsOf(schema: AvroSchema): AlertField[] {
  const simple =
    schema.root.kind !== 'record' ? [] : schema.root.fields.filter(({ node }) => node.kind in TYPES);
  const ids = simple.filter((field) => /id/i.test(field.name));
  return (ids.length > 0 ? ids : simple)
    .slice(0, 2)
    .map(({ name, node }) => alertField(name, node.kind as keyof typeof TYPES));
}
