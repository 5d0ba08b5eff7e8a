import { inspectFile, parseSchema, writeContainer } from '../../src/codecs/index.js';

const schema = parseSchema({ type: 'record', name: 's.alert', fields: [{ name: 'candid', type: 'long' }] });
const alert = { candid: 5n };
const bare = schema.encode(alert);

describe('inspecting a file', () => {
  it('describes a container', async () => {
    const { description, values } = await inspectFile(
      writeContainer(schema, [alert, alert], { codec: 'deflate' }),
    );
    expect(description).toEqual({ framing: 'ocf', codec: 'deflate', schema_name: 's.alert', records: 2 });
    expect(values).toEqual([alert, alert]);
  });

  it('describes a container that breaks by its header and the error', async () => {
    const bytes = writeContainer(schema, [alert]);
    const { description, values } = await inspectFile(bytes.subarray(0, -1));
    expect(description).toEqual({
      framing: 'ocf',
      codec: 'null',
      schema_name: 's.alert',
      records: 0,
      error: expect.stringMatching(/^APF_TRUNCATED: /),
    });
    expect(values).toEqual([]);
  });

  it('finds the schema of a Confluent-framed file, or says what is needed', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 2, 0xc0]), bare]);
    const schemas = { byId: async () => schema };
    expect((await inspectFile(bytes, { schemas })).description).toEqual({
      framing: 'confluent',
      schema_id: 704,
      schema_name: 's.alert',
      records: 1,
    });
    expect((await inspectFile(bytes, { schema })).values).toEqual([alert]);
    expect((await inspectFile(bytes)).description).toEqual({
      framing: 'confluent',
      schema_id: 704,
      error: expect.stringMatching(/^APF_SCHEMA_UNKNOWN: .*--schema/),
    });
  });

  it('takes a file for a bare value if a schema is given', async () => {
    expect((await inspectFile(bare, { schema })).description).toEqual({
      framing: 'schemaless',
      schema_name: 's.alert',
      records: 1,
    });
    expect((await inspectFile(bare)).description).toEqual({
      framing: 'none',
      error: expect.stringMatching(/^APF_FRAMING: /),
    });
    expect((await inspectFile(bare, { framing: 'schemaless' })).description.error).toMatch('--schema');
  });

  it('describes JSON and Git LFS pointers', async () => {
    expect((await inspectFile(Buffer.from('[{"a":1},{"a":2}]'))).description).toEqual({
      framing: 'json',
      records: 2,
    });
    const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
    expect((await inspectFile(pointer)).description).toEqual({
      framing: 'lfs-pointer',
      error: expect.stringMatching(/^APF_LFS_POINTER: .*git lfs pull/),
    });
  });
});
