import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apfHere } from '../in-process';

describe('apf dashboard', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-command-test-'));
    await writeFile(join(folder, 'short'), 'abc\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[string[], RegExp]>([
    [[], /no broker is named: give --servers host:port, or --profile/],
    [['--in', 'a', '--database', 'b'], /name one thing to show: --in or --database/],
    [['--in', 'a', '--topics', 't'], /--topics is of a broker: leave it out with --in/],
    [['--database', 'a', '--metrics', 'http://x'], /--metrics is of a broker: leave it out with --database/],
    [['--in', '/nowhere/at/all'], /\/nowhere\/at\/all/],
    [['--servers', 'x:1', '--topics', '^['], /'\^\[' is no regular expression/],
    [['--servers', 'x:1', '--metrics', 'ftp://x'], /--metrics 'ftp:\/\/x' is no URL: http:/],
    [
      ['--servers', 'x:1', '--allow-replay'],
      /--allow-replay needs dead letters: say where with --dead-letters/,
    ],
    [['--servers', 'x:1', '--dead-letters', '/nowhere'], /there is no folder \/nowhere/],
    [['--servers', 'x:1', '--port', '70000'], /--port must be a whole number up to 65535/],
    [['--servers', 'x:1', '--port', 'x'], /--port must be a whole number/],
    [['--servers', 'x:1', '--topics', ''], /--topics has an empty name/],
    [['--servers', 'x:1', '--groups', 'a,'], /--groups has an empty name/],
    [['--servers', 'x:1', '--host', ''], /--host is empty: name an address to listen at/],
    [['--servers', 'x:1', '--token-file', '/nowhere'], /the token file '\/nowhere' cannot be read/],
    [['--servers', 'x:1', '--hots', 'a'], /Unknown argument: hots/],
  ])('answers %j with one line and exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await apfHere(['dashboard', ...args], { XDG_CONFIG_HOME: folder });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each(['http://me:secret@here:port/metrics', 'ftp://me:secret@here', 'me:secret@here'])(
    'does not say the password of --metrics %s, which is no URL of a step',
    async (url) => {
      const { code, stderr } = await apfHere(['dashboard', '--servers', 'x:1', '--metrics', url]);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/--metrics '…@here.*' is no URL/) as string,
      });
    },
  );

  it('takes no token that can be guessed', async () => {
    const path = join(folder, 'short');
    const { code, stderr } = await apfHere(['dashboard', '--in', folder, '--token-file', path]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/too short: 16/) as string,
    });
    expect(stderr).not.toContain('abc');
  });
});
