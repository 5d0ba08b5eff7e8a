import { PoisonError } from '../errors.js';
import {
  PRIMITIVES,
  type FieldNode,
  type PrimitiveNode,
  type RecordNode,
  type SchemaNode,
} from './schema-node.js';

type Json = Readonly<Record<string, unknown>>;

const COMPLEX = new Set(['record', 'error', 'enum', 'array', 'map', 'fixed']);
const primitives = new Map<string, PrimitiveNode>(PRIMITIVES.map((kind) => [kind, { kind }]));
const MAX_NESTING = 200;
/** V8 keeps at most this many properties in an object of fast shape, and no survey comes near it. */
const MAX_FIELDS = 10_000;
const MAX_FIXED = 0x7fffffff;

/** Definitions of types that a schema names without defining them, by full name: schemas split over files. */
export type ExternalTypes = (fullName: string) => Json | undefined;

/** The nodes of a schema, and the schema as one JSON value with external types written where they are first named. */
export interface ParsedSchema {
  readonly root: SchemaNode;
  readonly json: unknown;
}

/**
 * Resolves a schema's names. It takes what surveys publish and the specification forbids: names with any characters,
 * a type defined more than once (a reference means the latest definition so far), repeated fields, defaults that do
 * not fit, two maps in one union, a field that is a type definition itself (`{"name": …, "type": "record",
 * "fields": …}`), attributes that mean nothing.
 * @throws PoisonError (APF_SCHEMA) that names the place
 */
export function parseSchemaJson(json: unknown, external: ExternalTypes = () => undefined): ParsedSchema {
  return new Parser(external).parse(json);
}

class Parser {
  private readonly types = new Map<string, SchemaNode>();
  private inlined = false;

  constructor(private readonly external: ExternalTypes) {}

  parse(json: unknown): ParsedSchema {
    const { node, json: resolved } = this.type(json, '', 'the schema', 0);
    return { root: node, json: this.inlined ? resolved : json };
  }

  private type(
    json: unknown,
    namespace: string,
    place: string,
    level: number,
  ): { node: SchemaNode; json: unknown } {
    if (level > MAX_NESTING) throw invalid(place, `types are nested more than ${MAX_NESTING} deep`);
    if (typeof json === 'string') return this.named(json, namespace, place, level);
    if (Array.isArray(json)) {
      const parts = json.map((branch, i) => this.type(branch, namespace, `${place}, branch ${i}`, level + 1));
      return {
        node: { kind: 'union', branches: parts.map((part) => part.node) },
        json: parts.map((part) => part.json),
      };
    }
    if (!isObject(json)) throw invalid(place, `${JSON.stringify(json) ?? 'nothing'} is not a type`);
    const { type } = json;
    if (typeof type === 'string' && COMPLEX.has(type))
      return this.complex(type, json, namespace, place, level);
    // {"type": "long", "logicalType": …}, and {"type": {…}}, which the specification does not know.
    const inner = this.type(type, namespace, place, level + 1);
    return { node: inner.node, json: { ...json, type: inner.json } };
  }

  private named(
    name: string,
    namespace: string,
    place: string,
    level: number,
  ): { node: SchemaNode; json: unknown } {
    const full = fullNameOf(name, namespace);
    // A name without dots may also be one of no namespace, as older Avro and Python's readers take it.
    const known = this.types.get(full) ?? primitives.get(name) ?? this.types.get(name);
    if (known) return { node: known, json: name };
    const definition = this.external(full) ?? this.external(name);
    if (!definition) throw invalid(place, `the type '${name}' is not defined`);
    this.inlined = true;
    const result = this.type(definition, '', place, level + 1);
    return result;
  }

  private complex(
    type: string,
    json: Json,
    namespace: string,
    place: string,
    level: number,
  ): { node: SchemaNode; json: unknown } {
    switch (type) {
      case 'array': {
        const items = this.type(json.items, namespace, `${place}, items`, level + 1);
        return { node: { kind: 'array', items: items.node }, json: { ...json, items: items.json } };
      }
      case 'map': {
        const values = this.type(json.values, namespace, `${place}, values`, level + 1);
        return { node: { kind: 'map', values: values.node }, json: { ...json, values: values.json } };
      }
      case 'fixed': {
        const { size } = json;
        if (!Number.isInteger(size) || (size as number) < 0 || (size as number) > MAX_FIXED) {
          throw invalid(place, `a fixed type's size is ${JSON.stringify(size)}`);
        }
        const name = definedName(json, namespace, place);
        const node: SchemaNode = { kind: 'fixed', name, size: size as number };
        this.types.set(name, node);
        return { node, json };
      }
      case 'enum': {
        const { symbols } = json;
        if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string')) {
          throw invalid(place, 'an enum has no list of symbols');
        }
        const name = definedName(json, namespace, place);
        const node: SchemaNode = { kind: 'enum', name, doc: docOf(json), symbols };
        this.types.set(name, node);
        return { node, json };
      }
      default:
        return this.record(json, namespace, place, level);
    }
  }

  private record(
    json: Json,
    namespace: string,
    place: string,
    level: number,
  ): { node: SchemaNode; json: unknown } {
    const name = definedName(json, namespace, place);
    if (!Array.isArray(json.fields))
      throw invalid(`${place}, record ${name}`, 'a record has no list of fields');
    if (json.fields.length > MAX_FIELDS)
      throw invalid(place, `record ${name} has more than ${MAX_FIELDS} fields`);
    const fields: FieldNode[] = [];
    const node: RecordNode = { kind: 'record', name, doc: docOf(json), fields };
    // Before its fields: they may name it.
    this.types.set(name, node);
    const inner = namespaceOf(name);
    const resolved: unknown[] = [];
    for (const field of json.fields as unknown[]) {
      if (!isObject(field) || typeof field.name !== 'string') {
        throw invalid(`record ${name}`, `a field has no name: ${clip(JSON.stringify(field))}`);
      }
      const where = `field '${clip(field.name)}' of record ${clip(name)}`;
      const itself = typeof field.type === 'string' && COMPLEX.has(field.type) && definesItself(field);
      const part = this.type(itself ? field : field.type, inner, where, level + 1);
      fields.push({ name: field.name, node: part.node, doc: docOf(field), default: field.default });
      resolved.push(itself ? { name: field.name, type: part.json } : { ...field, type: part.json });
    }
    return { node, json: { ...json, fields: resolved } };
  }
}

/** A field's own attributes make the type: `{"name": "classifications", "type": "record", "fields": […]}`. */
function definesItself(field: Json): boolean {
  return ['fields', 'items', 'values', 'symbols', 'size'].some((key) => field[key] !== undefined);
}

/** The full name that a definition gives itself. */
export function definedName(json: Json, namespace: string, place: string): string {
  if (typeof json.name !== 'string' || json.name === '') throw invalid(place, 'a named type has no name');
  return fullNameOf(json.name, typeof json.namespace === 'string' ? json.namespace : namespace);
}

function fullNameOf(name: string, namespace: string): string {
  return namespace === '' || name.includes('.') ? name : `${namespace}.${name}`;
}

export function namespaceOf(fullName: string): string {
  const dot = fullName.lastIndexOf('.');
  return dot < 0 ? '' : fullName.slice(0, dot);
}

function docOf(json: Json): string | undefined {
  return typeof json.doc === 'string' ? json.doc : undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function clip(text: string | undefined): string {
  return text === undefined || text.length <= 80 ? String(text) : `${text.slice(0, 80)}…`;
}

function invalid(place: string, what: string): PoisonError {
  return new PoisonError(`not an Avro schema: ${what} (in ${place})`, { code: 'APF_SCHEMA' });
}
