// Alerts decoded a second in one process: avsc's own reader, ours, and ours with projections, on the same containers.
import { ContainerReader, readContainer } from '@apf/core';
import avro from 'avsc';
import { alertBytes } from '../alert-bytes.mjs';

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function bench({ short }) {
  const { alerts, what } = alertBytes();
  const all = new ContainerReader();
  const candidate = new ContainerReader({ fields: ['objectId', 'candid', 'candidate'] });
  const ids = new ContainerReader({ fields: ['objectId', 'candid'] });
  const cases = {
    avsc: avscReader(alerts[0]),
    ours: (bytes) => all.records(bytes),
    projected: (bytes) => candidate.records(bytes),
    idsOnly: (bytes) => ids.records(bytes),
  };
  const count = short ? 3_000 : 60_000;
  const rounds = short ? 3 : 7;
  const rates = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, read] of Object.entries(cases)) {
      const started = performance.now();
      for (let i = 0; i < count; i++) read(alerts[i % alerts.length]);
      const rate = count / ((performance.now() - started) / 1000);
      // The first round lets the compiler do its work.
      if (round > 0) rates[name].push(rate);
    }
  }
  const figures = Object.fromEntries(
    Object.entries(rates).map(([name, list]) => [name, Math.round(median(list))]),
  );
  return {
    ...figures,
    ratio: Number((figures.ours / figures.avsc).toFixed(2)),
    alerts: alerts.length,
    bytes: Math.round(alerts.reduce((sum, { length }) => sum + length, 0) / alerts.length),
    what,
  };
}

/** avsc at its best: the header is compared as we do it, and the schema was parsed before. */
function avscReader(first) {
  const { schema, length } = readContainer(first);
  const header = Buffer.from(first.subarray(0, length));
  const long = avro.types.LongType.__with({
    fromBuffer: (bytes) => bytes.readBigInt64LE(),
    toBuffer: (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value) => typeof value === 'bigint',
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  });
  const type = avro.Type.forSchema(withoutDefaults(JSON.parse(schema.json)), {
    typeHook: (inner) => (inner === 'long' || inner.type === 'long' ? long : undefined),
  });
  return (bytes) => {
    if (bytes.compare(header, 0, length, 0, length) !== 0) throw new Error('another header');
    // Behind the sync marker the block's count (1, one byte) and its size, a varint.
    let start = length + 17;
    let size = 0;
    let factor = 0.5;
    let byte;
    do {
      byte = bytes[start++];
      size += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    return [type.fromBuffer(bytes.subarray(start, start + size))];
  };
}

/** avsc refuses the defaults of ZTF's schemas; a reader does not need them. */
function withoutDefaults(schema) {
  if (Array.isArray(schema)) return schema.map(withoutDefaults);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== 'default');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDefaults(value)]));
}
