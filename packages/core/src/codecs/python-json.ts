import type { SchemaNode } from './schema-node.js';
import type { AvroSchema } from './schema.js';
import { itemsOf, memberTypes } from './to-json.js';

/**
 * JSON as Python's `json.dumps(alert, indent=4, sort_keys=True)` writes an alert that fastavro has decoded: floats in
 * Python's shortest form with a `.0` (a 32-bit float as the double it widens to), 64-bit integers as digits, NaN and
 * Infinity as words, all but ASCII escaped. Bytes, which Python refuses, are in base64.
 */
export function toPythonJson(value: unknown, schema?: AvroSchema): string {
  return write(value, schema?.root, '');
}

const INDENT = '    ';

function write(value: unknown, node: SchemaNode | undefined, margin: string): string {
  switch (typeof value) {
    case 'string':
      return ascii(JSON.stringify(value));
    case 'number':
      return isInteger(value, node) ? String(value) : pythonFloat(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeObject(value, node, margin);
    default:
      return 'null';
  }
}

function writeObject(value: object, node: SchemaNode | undefined, margin: string): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  const inner = margin + INDENT;
  if (Array.isArray(value)) {
    const items = itemsOf(node);
    return join(
      '[',
      value.map((item) => write(item, items, inner)),
      ']',
      margin,
    );
  }
  const keys = Object.keys(value).sort();
  const typeOf = memberTypes(node, keys);
  const members = keys.map(
    (key) =>
      `${ascii(JSON.stringify(key))}: ${write((value as Record<string, unknown>)[key], typeOf(key), inner)}`,
  );
  return join('{', members, '}', margin);
}

function join(open: string, parts: readonly string[], close: string, margin: string): string {
  if (parts.length === 0) return open + close;
  const inner = `\n${margin}${INDENT}`;
  return `${open}${inner}${parts.join(`,${inner}`)}\n${margin}${close}`;
}

const ascii = (text: string): string =>
  text.replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Whether Python would have an int here; without a schema a whole number is one. */
function isInteger(value: number, node: SchemaNode | undefined): boolean {
  const kinds = (node?.kind === 'union' ? node.branches : node ? [node] : []).map(({ kind }) => kind);
  if (kinds.includes('float') || kinds.includes('double'))
    return kinds.includes('int') && Number.isInteger(value);
  return Number.isInteger(value) && !Object.is(value, -0);
}

/** Python's `repr` of a float: the shortest digits, an exponent below 1e-4 and from 1e16 on, and always a sign of being one. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e16 || magnitude < 1e-4) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
