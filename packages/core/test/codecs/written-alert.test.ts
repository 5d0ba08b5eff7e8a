import {
  ContainerWriter,
  createCodec,
  FatalError,
  parseSchema,
  type RawMessage,
  Step,
  type AlertContext,
  type Codec,
} from '@apf/core';
import { testStep } from '@apf/core/testing';
import fc from 'fast-check';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'magpsf', type: ['double', 'null'] },
    { name: 'stamp', type: 'bytes' },
  ],
});

interface Alert {
  candid: bigint;
  magpsf: number | null;
  stamp: Buffer;
}

const alerts: Alert[] = [
  { candid: 2n ** 60n + 1n, magpsf: NaN, stamp: Buffer.from('one') },
  { candid: -1n, magpsf: null, stamp: Buffer.alloc(0) },
  { candid: 0n, magpsf: -0, stamp: Buffer.from('three') },
];

const message = (value: Buffer | null, key?: Buffer): RawMessage => ({
  topic: 't',
  partition: 0,
  offset: 0,
  value,
  key,
});

/** What a codec decodes of a message, and what is decoded of each alert's own bytes. */
function bothWays(codec: Codec<Alert>, raw: RawMessage): [decoded: Alert[], stored: Alert[]] {
  const decoded = codec.decode(raw.value!, raw);
  const stored = decoded.map((_, record) => {
    const written = codec.written!(raw, record)!;
    return written.schema.decoder<Alert>().decode(Buffer.from(written.bytes));
  });
  return [decoded, stored];
}

describe('an alert as it was written', () => {
  it.each(['null', 'deflate', 'snappy'] as const)('is cut out of a container of many (%s)', (compression) => {
    const codec = createCodec<Alert>({ framing: 'container' });
    const value = new ContainerWriter(schema, { codec: compression }).write(alerts);
    const [decoded, stored] = bothWays(codec, message(value));
    expect(decoded).toEqual(alerts);
    expect(stored).toEqual(alerts);
    expect(codec.written!(message(value), 0)!.schema.fingerprint).toBe(schema.fingerprint);
    expect(codec.written!(message(value), 3)).toBeUndefined();
  });

  it('is cut out of a container of several blocks', () => {
    const writer = new ContainerWriter(schema);
    const empty = writer.write([]);
    const blocks = [alerts.slice(0, 2), [], alerts.slice(2)].map((part) =>
      writer.write(part).subarray(empty.length),
    );
    const [decoded, stored] = bothWays(
      createCodec<Alert>({ framing: 'container' }),
      message(Buffer.concat([empty, ...blocks])),
    );
    expect(decoded).toEqual(alerts);
    expect(stored).toEqual(alerts);
  });

  it('is whole, though only some fields of it are decoded', () => {
    const codec = createCodec<Alert>({ framing: 'container', fields: ['candid'] });
    const value = new ContainerWriter(schema).write(alerts);
    const [decoded, stored] = bothWays(codec, message(value));
    expect(decoded).toEqual(alerts.map(({ candid }) => ({ candid })));
    expect(stored).toEqual(alerts);
  });

  it('is what follows the id of a Confluent frame, by whichever way the schema is known', () => {
    const value = createCodec<Alert>({ framing: 'confluent', schema, schemaId: 7 }).encode(alerts[0]!);
    for (const options of [{ schema }, { schemas: { byId: () => schema } }]) {
      const codec = createCodec<Alert>({ framing: 'confluent', ...options });
      expect(bothWays(codec, message(value))[1]).toEqual([alerts[0]]);
    }
  });

  it('is all of a schemaless message, and of one whose key has the schema', () => {
    const value = schema.encode(alerts[0]);
    expect(bothWays(createCodec<Alert>({ framing: 'schemaless', schema }), message(value))[1]).toEqual([
      alerts[0],
    ]);
    const inKey = message(value, Buffer.from(schema.json));
    expect(bothWays(createCodec<Alert>({ framing: 'schema-in-key' }), inKey)[1]).toEqual([alerts[0]]);
  });

  it('does not exist of JSON', () => {
    expect(createCodec({ framing: 'json' })).not.toHaveProperty('written');
  });

  it('equals the alert, of any values, at any place in a container', () => {
    const alert = fc.record({
      candid: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      magpsf: fc.option(fc.double()),
      stamp: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(alert, { minLength: 1 }), (list) => {
        const value = new ContainerWriter(schema).write(list);
        const [decoded, stored] = bothWays(createCodec<Alert>({ framing: 'container' }), message(value));
        expect(stored).toEqual(decoded);
      }),
    );
  });
});

describe('context.avro()', () => {
  class Keep extends Step<Alert, Alert> {
    execute(_: Alert, context: AlertContext): Alert {
      const { schema: own, bytes } = context.avro();
      return own.decoder<Alert>().decode(bytes);
    }
  }

  it('gives each alert of a run its own bytes', async () => {
    const { results } = await testStep<Alert, Alert>(Keep, alerts, { schema });
    expect(results).toEqual(alerts);
  });

  it('stops a step whose alerts have none', async () => {
    await expect(testStep<Alert, Alert>(Keep, alerts)).rejects.toThrow(FatalError);
  });
});
