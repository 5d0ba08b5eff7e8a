import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { command } from '../../src/commands/schemas';
import { type Ran, runCommand } from './run-command';

const source = (name: string, type: unknown): string =>
  JSON.stringify({ type: 'record', name, fields: [{ name: 'x', type }] });

describe('apf schemas', () => {
  let folder: string;
  let server: Server;
  let url: string;
  const before = process.env.XDG_CACHE_HOME;
  const asked: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-schemas-'));
    process.env.XDG_CACHE_HOME = folder;
    const archive = pack();
    const version = 'repo-main/schema/7/4';
    archive.entry(
      { name: `${version}/lsst.v7_4.alert.avsc` },
      source('lsst.v7_4.alert', 'lsst.v7_4.diaSource'),
    );
    archive.entry({ name: `${version}/lsst.v7_4.diaSource.avsc` }, source('lsst.v7_4.diaSource', 'long'));
    archive.entry({ name: 'repo-main/../../../escape.avsc' }, source('escape', 'int'));
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    const answers: Record<string, string | Buffer> = {
      '/lsst.tar.gz': gzipSync(Buffer.concat(chunks)),
      '/registry/subjects': '["alerts"]',
      '/registry/subjects/alerts/versions': '[1]',
      '/registry/subjects/alerts/versions/1': '{"id": 7}',
      '/registry/schemas/ids/7': JSON.stringify({ schema: source('kept', 'string') }),
    };
    server = createServer((request, response) => {
      asked.push(request.url!);
      const answer = answers[request.url!];
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    process.env.XDG_CACHE_HOME = before;
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  const schemas = (...args: string[]): Promise<Ran> =>
    runCommand('schemas <action> [what]', command, ...args);
  const log = async (...args: string[]): Promise<string> => {
    const { stdout, error } = await schemas(...args);
    if (error) throw error;
    return stdout;
  };

  it('3: fetches an archive and a registry, and shows what they hold without a network', async () => {
    expect(await log('fetch', `${url}/lsst.tar.gz`)).toMatch(/^3 schema files are kept in /);
    expect(await log('fetch', `${url}/registry`)).toMatch(/^1 schema files are kept in /);
    const requests = asked.length;
    const list = await log('list');
    expect(list).toContain('schema_7_4/lsst.v7_4.alert');
    expect(list).toContain('escape');
    expect(JSON.parse(await log('show', 'lsst.v7_4.alert'))).toMatchObject({
      fields: [{ type: { name: 'lsst.v7_4.diaSource' } }],
    });
    expect(JSON.parse(await log('show', '7', '--registry', `${url}/registry`))).toMatchObject({
      name: 'kept',
    });
    expect(asked).toHaveLength(requests);
  });

  it.each([
    [['fetch'], /say what to fetch/],
    [['fetch', 'gaia'], /neither a URL nor one of lsst, ztf, elasticc, fink/],
    [['show', '9.9'], /no schema of id 9\.9 \(LSST's version 9\.9\) is kept/],
    [['show', 'nothing'], /no schema of name 'nothing' is kept/],
  ])('%j is a usage error', async (args, message) => {
    expect((await schemas(...args)).error?.message).toMatch(message);
  });

  it('what cannot be fetched says so', async () => {
    expect((await schemas('fetch', `${url}/missing.tar.gz`)).error?.message).toMatch(
      /cannot be fetched \(it answers 404\)/,
    );
  });
});
