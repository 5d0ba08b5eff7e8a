import avro, { type Type } from 'avsc';
import { plainAvscType } from '../../../core/test/codecs/plain-avsc.js';

interface Header {
  readonly meta: Readonly<Record<string, Buffer>>;
  readonly sync: Buffer;
}
interface Block {
  readonly count: number;
  readonly data: Buffer;
  readonly sync: Buffer;
}

/** https://avro.apache.org/docs/1.12.0/specification/#object-container-files, in Avro's own terms. */
const HEADER = avro.Type.forSchema({
  type: 'record',
  name: 'Header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'Magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'Sync', size: 16 } },
  ],
});
const BLOCK = avro.Type.forSchema({
  type: 'record',
  name: 'Block',
  fields: [
    { name: 'count', type: 'long' },
    { name: 'data', type: 'bytes' },
    { name: 'sync', type: { type: 'fixed', name: 'Sync', size: 16 } },
  ],
});
const types = new Map<string, Type>();

/** What avsc alone finds in an uncompressed container, without a line of our decoder. Throws where it finds none. */
export function avscRecords(bytes: Buffer): unknown[] {
  const { schema, sync, end } = avscHeader(bytes);
  const type = types.get(schema) ?? plainAvscType(JSON.parse(schema));
  types.set(schema, type);
  const records: unknown[] = [];
  for (let position = end; position < bytes.length;) {
    const { value: block, offset } = decode<Block>(BLOCK, bytes, position);
    if (!block.sync.equals(sync)) throw new Error('another sync marker');
    let place = 0;
    for (let i = 0; i < block.count; i++) {
      const record = decode(type, block.data, place);
      records.push(record.value);
      place = record.offset;
    }
    position = offset;
  }
  return records;
}

/** The schema's text, and where the first block begins. */
export function avscHeader(bytes: Buffer): { schema: string; sync: Buffer; end: number } {
  if (bytes.toString('latin1', 0, 4) !== 'Obj\x01') throw new Error('no container');
  const { value: header, offset: end } = decode<Header>(HEADER, bytes, 0);
  const codec = header.meta['avro.codec']?.toString() ?? 'null';
  if (codec !== 'null') throw new Error(`the codec is ${codec}`);
  // Text is UTF-8 or an error, as in Python's reader.
  const schema = new TextDecoder('utf-8', { fatal: true }).decode(header.meta['avro.schema']);
  return { schema, sync: header.sync, end };
}

function decode<T>(type: Type, bytes: Buffer, position: number): { value: T; offset: number } {
  const { value, offset } = type.decode(bytes, position);
  // So avsc says that the bytes have come to their end before the value has.
  if (offset < 0) throw new Error('too few bytes');
  return { value, offset };
}
