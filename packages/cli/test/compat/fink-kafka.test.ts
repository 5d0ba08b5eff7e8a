import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedHere, type Ran } from '../in-process.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apf-fink-kafka-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fink = (args: readonly string[]): Promise<Ran> =>
  documentedHere('fink_kafka', args, {
    XDG_STATE_HOME: folder,
    FINK_HOME: '',
    APF_NEW_PASSWORD: '',
    APF_NEW_PASSWORD_FILE: '',
  });

describe('3.3 the help of fink_kafka', () => {
  it.each([
    [['-h'], 0],
    [['--help'], 0],
    [[], 1],
  ])('%j: exit code %i', async (args, code) => {
    const ended = await fink(args);
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout).toMatch(
      /^Manage Fink's Kafka Server for Alert Distribution\n\n Usage:\n \tfink_kafka \[option\]\n/,
    );
    expect(ended.stdout).toContain(
      '\n \t--authorization [-a] [-d] [-u user] [-H host] [-c consumer-group] [-p] [-t topic] [-h]\n' +
        " \t\tAuthorize permissions on Fink's Kafka Cluster (use -h for more help)\n\n" +
        ' \t--list-acl\n \t\tLists the current ACL\n',
    );
  });

  it('of --authentication and of --authorization', async () => {
    expect(await fink(['--authentication', '-h'])).toMatchObject({
      code: 0,
      stdout: `Usage:
       fink_kafka --authentication [-a] [-d] [-u user] [-p password] [-h]

Add/delete credentials for user's authentication
       -a: add user's credentials (default)
       -d: delete user's credentials (optional)
       -u: username
       -p: password (not required for delete)
       -h: to view this help message
`,
    });
    expect(await fink(['--authorization', '-h'])).toMatchObject({
      code: 0,
      stdout: `Usage:
       fink_kafka --authorization [-a] [-d] [-u user] [-H host] [-c consumer-group] [-p] [-t topic] [-h]

Add/delete ACLs for authorization on Fink's Kafka Cluster
       -a: add Acl
       -d: delete/remove Acl
       -u: username (Principal)
       -H: IP address from which Principal will have access (using hostname is not supported)
       -c: give access rights for a consumer (argument required: consumer-group)
       -p: give access rights for a producer
       -t: topic
       -h: to view this help message
`,
    });
  });
});

describe('a mistake in the command line of fink_kafka', () => {
  it.each<[string[], number, string | RegExp]>([
    [['begin'], 1, 'unknown argument: begin'],
    [['--sauce'], 1, 'unknown option: --sauce'],
    [['--create-topic'], 1, '--create-topic requires an argument (Topic Name)'],
    [['--delete-topic'], 1, '--delete-topic requires an argument (Topic Name)'],
    [['--describe-topic'], 1, '--describe-topic requires an argument (Topic Name)'],
    [['start', '-c'], 1, '-c requires an argument: path to configuration file'],
    [['start', '-c', 'nowhere.conf'], 2, /the configuration 'nowhere\.conf' cannot be read: no such file/],
    [['--list-topics'], 1, "fink_kafka: Fink's Kafka Cluster does not run: start it with fink_kafka start"],
    [['--authentication'], 2, /^Insufficient arguments for service: authentication\n\nUsage:/],
    [['--authentication', '-a', '-u'], 3, 'error: option u is missing an argument'],
    [['--authentication', '-x'], 4, 'error: unknown option -x'],
    [['--authentication', '-a', '-u', 'Bob'], 5, 'error: missing username/password'],
    [['--authentication', '-a', '-p', 'secret'], 5, 'error: missing username/password'],
    [['--authentication', '-d'], 5, 'error: missing username'],
    [['--authorization'], 2, /^Insufficient arguments for service: authorization\n\nUsage:/],
    [['--authorization', '-a', '-t'], 3, 'error: option t is missing an argument'],
    [['--authorization', '-z'], 4, 'error: unknown option -z'],
    [['--authorization', '-a', '-u', 'Bob', '-p'], 6, /^error: Illegal usage\n\nUsage:/],
    [
      ['--authorization', '-uBob', '-H127.0.0.1', '-pt', 'x'],
      6,
      /^error: Illegal usage: say -a to add or -d to remove/,
    ],
    [
      ['--authorization', '-a', '-u', 'Bob', '-H', '127.0.0.1', '-t', 'x'],
      6,
      /^error: use -c -p to add consumer\/producer permissions\n\nUsage:/,
    ],
    [
      ['--authorization', '-d', '-u', 'Bob', '-H', '127.0.0.1', '-t', 'x'],
      6,
      /^error: use -c -p to remove consumer\/producer permissions\n\nUsage:/,
    ],
    [
      ['--authorization', '-a', '-u', 'Bob', '-H', '127.0.0.1', '-t', 'x', '-c', ''],
      7,
      'error: no consumer-group given',
    ],
    [
      ['--authorization', '-a', '-u', 'Bob', '-H', 'localhost', '-p', '-t', 'x'],
      6,
      /^error: 'localhost' is not an IP address: permissions go by address, names are not supported/,
    ],
    [
      ['--authorization', '-a', '-u', 'Bob', '-H', '127.0.0.1', '-p', '-t', '../x\u001b[2J'],
      6,
      /^error: '\.\.\/x\\u001b\[2J' is not a legal topic name/,
    ],
  ])('%j: exit code %i', async (args, code, said) => {
    const ended = await fink(args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr.trimEnd()).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
  });
});
