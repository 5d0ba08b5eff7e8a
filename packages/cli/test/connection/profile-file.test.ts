import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfileFile } from '../../src/connection/profile-file';

describe("Fink's own configuration files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-profile-file-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (name: string, text: string): ReturnType<typeof readProfileFile> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return readProfileFile(path);
  };

  it('2.1: fink_client_conf.py with a trailing comma in servers, and an empty schema', async () => {
    const conf = `username = "me"
password = "secret"
group_id = "agroup"
maxtimeout = 10
testmode = False
mytopics = ["mysupertopic"]
servers = "127.0.0.1:9092,"
schema = ""
db_path = os.path.join("a", "b")
`;
    expect(await read('fink_client_conf.py', conf)).toEqual({
      servers: '127.0.0.1:9092',
      username: 'me',
      password: 'secret',
      mechanism: 'SCRAM-SHA-512',
      tls: false,
      group: 'agroup',
      topics: ['mysupertopic'],
      timeout: 10,
      fetchSchema: true,
      overwrite: false,
    });
  });

  it('credentials in YAML, with no password as fink_client_register writes it', async () => {
    const yaml = `username: me
password: null
group_id: agroup
mytopics:
- one
- two
servers: kafka-ztf.example:24499
maxtimeout: 5
`;
    expect(await read('credentials.yml', yaml)).toEqual({
      servers: 'kafka-ztf.example:24499',
      username: 'me',
      group: 'agroup',
      topics: ['one', 'two'],
      timeout: 5,
    });
  });

  it('the YAML of version 12, with topics by name', async () => {
    const yaml =
      'survey: lsst\nusername: me\ngroupid: g\nservers: a:1\ntopics:\n  fink_one: {}\n  fink_two: {}\n';
    expect(await read('lsst_credentials.yml', yaml)).toMatchObject({
      survey: 'lsst',
      group: 'g',
      topics: ['fink_one', 'fink_two'],
    });
  });

  it.each([
    ['a.py', 'servers = get()', /a\.py: 'servers' is not a plain value; the file is read, never executed/],
    ['a.py', 'username = "me"', /a\.py: 'servers' is missing/],
    ['a.py', 'servers = ","', /'servers' is missing/],
    ['a.py', 'servers = "a:1"\nmytopics = [1]', /'mytopics' must be a list of names/],
    ['a.py', 'servers = "a:1"\nmaxtimeout = "x"', /'timeout' must be seconds/],
    ['a.yml', 'servers: [', /a\.yml: not YAML/],
    ['a.yml', '- 1', /a\.yml: not YAML with settings/],
  ])('%s: %j is one line that names the file', async (name, text, message) => {
    await expect(read(name, text)).rejects.toThrow(message);
  });

  it('a broken file does not show its password', async () => {
    const error: unknown = await read('b.yml', 'password: "pa55word\nservers: a:1').catch((e: unknown) => e);
    expect(String(error)).toContain('not YAML');
    expect(String(error)).not.toContain('pa55word');
  });
});
