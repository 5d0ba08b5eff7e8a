import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { type Connection, connection } from '../../src/connection/connection';
import type { ConnectionOptions } from '../../src/connection/connection-options';
import { ProfileStore } from '../../src/connection/profile-store';

describe('connection', () => {
  let folder: string;
  let store: ProfileStore;
  let said: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-connection-'));
    store = new ProfileStore(join(folder, 'profiles.json'));
    said = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const connect = (
    options: ConnectionOptions,
    env: NodeJS.ProcessEnv = {},
    answer?: string,
  ): Promise<Connection> =>
    connection(options, { env, store, ask: async () => answer, say: (line) => void said.push(line) });

  it('a broker without accounts', async () => {
    expect((await connect({ servers: ' a:1, b:2, ' })).params).toEqual({
      'bootstrap.servers': 'a:1,b:2',
      'security.protocol': 'PLAINTEXT',
    });
  });

  it('an empty user is none, as in a configuration that someone left blank', async () => {
    await store.put('blank', { servers: 'a:1', username: '', password: '' });
    expect(await connect({ profile: 'blank' })).toMatchObject({
      username: undefined,
      params: { 'bootstrap.servers': 'a:1', 'security.protocol': 'PLAINTEXT' },
    });
  });

  it('a user proves the password by SCRAM-SHA-512 where nothing else is said', async () => {
    const made = await connect({ servers: 'a:1', username: 'me' }, { APF_PASSWORD: 'secret' });
    expect(made.params).toEqual({
      'bootstrap.servers': 'a:1',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'me',
      'sasl.password': 'secret',
    });
    expect(made.secrets).toEqual(['secret']);
  });

  it('PLAIN, --ca and --cert encrypt', async () => {
    const env = { APF_PASSWORD: 'secret' };
    const plain = await connect({ servers: 'a:1', username: 'me', mechanism: 'PLAIN' }, env);
    expect(plain.params['security.protocol']).toBe('SASL_SSL');
    const ca = await connect({ servers: 'a:1', ca: 'ca.pem', cert: 'me.pem', key: 'me.key' });
    expect(ca.params).toMatchObject({
      'security.protocol': 'SSL',
      'ssl.ca.location': 'ca.pem',
      'ssl.certificate.location': 'me.pem',
      'ssl.key.location': 'me.key',
    });
    const open = await connect({ servers: 'a:1', username: 'me', mechanism: 'PLAIN', tls: false }, env);
    expect(open.params['security.protocol']).toBe('SASL_PLAINTEXT');
  });

  it('takes the password from a file, the environment, the profile or the terminal, in this order', async () => {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'from-file\nmore\n');
    await store.put('p', { servers: 'a:1', username: 'me', password: 'from-profile' });
    const password = async (options: ConnectionOptions, env: NodeJS.ProcessEnv = {}): Promise<unknown> =>
      (await connect(options, env, 'from-terminal')).params['sasl.password'];
    const env = { APF_PASSWORD: 'from-env', APF_PASSWORD_FILE: passwordFile };
    expect(await password({ profile: 'p', passwordFile }, env)).toBe('from-file');
    expect(await password({ profile: 'p' }, env)).toBe('from-env');
    expect(await password({ profile: 'p' }, { APF_PASSWORD_FILE: passwordFile })).toBe('from-file');
    expect(await password({ profile: 'p' })).toBe('from-profile');
    expect(await password({ profile: 'p', username: 'other' })).toBe('from-terminal');
  });

  it('--password works, with a warning', async () => {
    await connect({ servers: 'a:1', username: 'me', password: 'x' });
    expect(said).toEqual([expect.stringMatching(/warning: --password is seen by others/)]);
  });

  it("a profile's password is for its servers alone", async () => {
    await store.put('p', { servers: 'a:1', username: 'me', password: 'secret' });
    expect((await connect({ servers: 'b:1' })).params).toEqual({
      'bootstrap.servers': 'b:1',
      'security.protocol': 'PLAINTEXT',
    });
  });

  it('the only profile is used, and that is said; of several one must be named', async () => {
    await store.put('p', { servers: 'a:1', topics: ['t'] });
    expect(await connect({})).toMatchObject({ servers: 'a:1', name: 'p', profile: { topics: ['t'] } });
    expect(said).toEqual(["apf: using the profile 'p' (a:1)"]);
    await store.put('q', { servers: 'a:1' });
    await expect(connect({})).rejects.toThrow(/one of your profiles with --profile: p, q/);
    expect(await connect({}, { APF_PROFILE: 'q' })).toMatchObject({ name: 'q' });
  });

  it("Fink's users without a password are not asked for one", async () => {
    const conf = join(folder, 'fink_client_conf.py');
    await writeFile(conf, 'servers = "a:1,"\nusername = "me"\npassword = None\n');
    expect((await connect({ profile: conf })).params).toEqual({
      'bootstrap.servers': 'a:1',
      'security.protocol': 'PLAINTEXT',
    });
  });

  it('any property of librdkafka may be given', async () => {
    const { params } = await connect({ servers: 'a:1', kafka: ['fetch.min.bytes=2', 'client.rack=a=b'] });
    expect(params).toMatchObject({ 'fetch.min.bytes': '2', 'client.rack': 'a=b' });
  });

  it.each<[ConnectionOptions, RegExp]>([
    [{}, /no broker is named: give --servers host:port/],
    [{ servers: ',' }, /no broker is named/],
    [{ profile: 'p' }, /there is no profile 'p'/],
    [{ profile: './missing.py' }, /missing\.py: the configuration cannot be read/],
    [{ servers: 'a:1', username: 'me' }, /there is no password for 'me': set APF_PASSWORD/],
    [{ servers: 'a:1', password: 'x' }, /a password without --username/],
    [{ servers: 'a:1', username: 'me', passwordFile: '/missing' }, /'\/missing' cannot be read/],
    [{ servers: 'a:1', username: 'me', passwordFile: '/m', password: 'x' }, /not both/],
    [{ servers: 'a:1', key: 'k' }, /--key needs --cert/],
    [{ servers: 'a:1', ca: 'c', tls: false }, /--ca and --cert are for an encrypted connection/],
    [{ servers: 'a:1', kafka: ['x'] }, /--kafka takes name=value/],
    [{ servers: 'a:1', kafka: ['fetch.min.byte=1'] }, /did you mean 'fetch\.min\.bytes'\?/],
    [{ servers: 'a:1', kafka: ['sasl.password=x'] }, /a secret does not belong on the command line/],
  ])('%j is a usage error', async (options, message) => {
    const error: unknown = await connect(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(message);
  });
});
