import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../src/commands/login';
import { type Ran, runCommand } from './run-command';

describe('apf login', () => {
  let folder: string;
  const before = { ...process.env };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-login-'));
    process.env.XDG_CONFIG_HOME = folder;
    delete process.env.APF_PASSWORD;
  });
  afterEach(async () => {
    process.env = { ...before };
    await rm(folder, { recursive: true, force: true });
  });

  const login = (...args: string[]): Promise<Ran> => runCommand('login [name]', command, ...args);
  const kept = async (): Promise<unknown> =>
    (JSON.parse(await readFile(join(folder, 'apf/profiles.json'), 'utf8')) as { profiles: unknown }).profiles;

  it('2: keeps a preset with what was given, for its owner alone, and shows no secret', async () => {
    const password = join(folder, 'password');
    await writeFile(password, 'pa55word\n');
    const { error } = await login(
      'a',
      '--preset',
      'alerce',
      '--username',
      'me',
      '--password-file',
      password,
      '--topics',
      't,u',
    );
    expect(error).toBeUndefined();
    expect(await kept()).toEqual({
      a: {
        servers: 'kafka.alerce.science:9093',
        mechanism: 'SCRAM-SHA-256',
        tls: false,
        framing: 'container',
        topics: ['t', 'u'],
        username: 'me',
        password: 'pa55word',
      },
    });
    expect((await stat(join(folder, 'apf/profiles.json'))).mode & 0o777).toBe(0o600);
    const { stdout } = await login('--list');
    expect(stdout).toContain('a: kafka.alerce.science:9093, user me, password kept, SCRAM-SHA-256');
    expect(stdout).not.toContain('pa55word');
  });

  it("2: takes Fink's own configuration as it is", async () => {
    const conf = join(folder, 'conf.py');
    await writeFile(
      conf,
      'servers = "a:1,"\nusername = "me"\npassword = None\ngroup_id = "g"\nmytopics = ["t"]\nschema = ""\n',
    );
    expect((await login('fink', '--profile', conf)).error).toBeUndefined();
    expect(await kept()).toEqual({ fink: { servers: 'a:1', username: 'me', group: 'g', topics: ['t'] } });
    await login('fink', '--remove');
    expect(await kept()).toEqual({});
  });

  it.each([
    [[], /name the profile/],
    [['a/b'], /'a\/b' cannot name a profile/],
    [['a'], /name the broker: --servers host:port, --preset or --profile FILE/],
    [['a', '--preset', 'finkztf'], /no preset 'finkztf'; did you mean 'fink-ztf'\?/],
    [['a', '--preset', 'ztf', '--profile', 'x.py'], /not both/],
    [['a', '--profile', 'other'], /names no file/],
    [['a', '--remove'], /there is no profile 'a'/],
  ])('%j is a usage error', async (args, message) => {
    expect((await login(...args)).error?.message).toMatch(message);
  });
});
