import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FatalError, PoisonError, RetryableError } from '@apf/core';
import { registrySchemaSource } from '@apf/connectors';

const RECORD = { type: 'record', name: 'Alert', fields: [{ name: 'diaObjectId', type: 'long' }] };

let server: Server;
let base: string;
let requests: { url: string; authorization: string | undefined }[];
let answer: RequestListener;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const replies =
  (body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const failure = async (id = 704, url = `http://me:hunter2@${base}/`): Promise<Error> => {
  const error: unknown = await Promise.resolve(registrySchemaSource(url).byId(id)).catch(
    (thrown: unknown) => thrown,
  );
  expect((error as Error).message).not.toContain('hunter2');
  return error as Error;
};

describe('a schema registry', () => {
  it('is asked once for each id, with the user and password of its URL', async () => {
    answer = replies({ schema: JSON.stringify(RECORD) });
    const source = registrySchemaSource(`http://me:p%40ss@${base}/registry/`);
    const [first, second] = await Promise.all([source.byId(704), source.byId(704)]);
    expect(first).toBe(second);
    expect(first.name).toBe('Alert');
    expect(requests).toEqual([
      {
        url: '/registry/schemas/ids/704',
        authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
      },
    ]);
  });

  it('follows references to other subjects', async () => {
    const inner = { type: 'record', name: 'Source', namespace: 'lsst', fields: [{ name: 'x', type: 'int' }] };
    const outer = { type: 'record', name: 'Outer', fields: [{ name: 'source', type: 'lsst.Source' }] };
    answer = (request, response) =>
      replies(
        request.url === '/schemas/ids/1'
          ? {
              schema: JSON.stringify(outer),
              references: [{ name: 'lsst.Source', subject: 'a/b', version: 3 }],
            }
          : { schema: JSON.stringify(inner) },
      )(request, response);
    const schema = await registrySchemaSource(`http://${base}`).byId(1);
    expect(schema.encode({ source: { x: 1 } })).toEqual(Buffer.from([2]));
    expect(requests.map(({ url }) => url)).toEqual(['/schemas/ids/1', '/subjects/a%2Fb/versions/3']);
  });

  it('does not know an id: poison, and asked for again', async () => {
    answer = replies({ error_code: 40403 }, 404);
    const source = registrySchemaSource(`http://${base}`);
    await expect(source.byId(1)).rejects.toMatchObject({
      code: 'APF_SCHEMA_UNKNOWN',
      message: `the schema of id 1 from the registry http://${base}: there is none`,
    });
    answer = replies({ schema: JSON.stringify(RECORD) });
    expect((await source.byId(1)).name).toBe('Alert');
  });

  it.each([
    [503, RetryableError, 'it answers 503'],
    [429, RetryableError, 'it answers 429'],
    [401, FatalError, 'refuses access (401); check the user name and password in REGISTRY'],
  ])('answers %i', async (status, Class, text) => {
    answer = replies('', status, { 'retry-after': '7' });
    const error = await failure();
    expect(error).toBeInstanceOf(Class);
    expect(error.message).toContain(text);
    if (error instanceof RetryableError) expect(error.retryAfter).toBe(7);
  });

  it.each([
    ['<html>', FatalError, 'the answer is not JSON; check REGISTRY'],
    [{}, FatalError, 'the answer has no schema; check REGISTRY'],
    [{ schema: 'message M {}', schemaType: 'PROTOBUF' }, PoisonError, 'is PROTOBUF, not Avro'],
    [{ schema: '{"type":"nonsense"}' }, PoisonError, 'the schema of id 704 from http'],
  ])('answers %j', async (body, Class, text) => {
    answer = replies(body);
    const error = await failure();
    expect(error).toBeInstanceOf(Class);
    expect(error.message).toContain(text);
  });

  it('cannot be reached: retryable', async () => {
    const error = await failure(1, 'http://127.0.0.1:1');
    expect(error).toBeInstanceOf(RetryableError);
    expect(error.message).toMatch(
      /^cannot get the schema of id 1 from the registry http:\/\/127\.0\.0\.1:1: /,
    );
  });
});
