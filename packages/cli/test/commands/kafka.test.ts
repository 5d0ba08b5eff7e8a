import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apfHere } from '../in-process.js';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'apf-kafka-command-'));
});
afterEach(() => rmSync(state, { recursive: true }));

describe('a mistake in the command line of apf kafka', () => {
  it.each([
    [['stop'], "apf: there is no Kafka 'default'; none was started here (see apf kafka stop --help)"],
    [
      ['status', '--name', 'other'],
      "apf: there is no Kafka 'other'; none was started here (see apf kafka status --help)",
    ],
    [['start', '--name', '../x'], /^apf: '\.\.\/x' cannot name a cluster: /],
    [['start', '--host', '0.0.0.0'], /^apf: '0\.0\.0\.0' is not a name or an IPv4 address by which /],
    [['start', '--port', '0'], /^apf: --port is a whole number from 1 to 65535 /],
    [
      ['begin'],
      /^apf: there is no command 'kafka begin'; say what to do: start, stop, .* \(see apf kafka --help\)$/,
    ],
    [[], /^apf: say what to do: start, stop, .* \(see apf kafka --help\)$/],
    [
      ['topics', 'lst'],
      "apf: there is no command 'kafka topics lst'; did you mean 'list'? (see apf kafka topics --help)",
    ],
    [['topics', 'create'], /^apf: an argument is missing: apf kafka topics create <topics\.\.> \(see /],
    [
      ['topics', 'list'],
      /^apf: Kafka 'default' does not run: start it with apf kafka start, or name a broker with --servers /,
    ],
    [['topics', 'list', '--cluster', 'a', '--servers', 'b:1'], /^apf: give --cluster or --servers, not both/],
  ])('%j is answered with one line and exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await apfHere(['kafka', ...args], {
      XDG_STATE_HOME: state,
      APF_SERVERS: '',
      APF_PROFILE: '',
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
