import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { runDocumented } from '../../src/documented-main.js';

const before = { ...process.env };
let folder: string;
let printed: string[];
let errors: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apf-fink-kafka-'));
  process.env = {
    ...before,
    XDG_STATE_HOME: folder,
    FINK_HOME: '',
    APF_NEW_PASSWORD: '',
    APF_NEW_PASSWORD_FILE: '',
  };
  [printed, errors] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((text) => void printed.push(String(text)));
  jest.spyOn(console, 'error').mockImplementation((text) => void errors.push(String(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  rmSync(folder, { recursive: true });
});

describe('a mistake in the command line of fink_kafka', () => {
  it.each<[string[], number, string | RegExp]>([
    [['begin'], 1, 'unknown argument: begin'],
    [['--sauce'], 1, 'unknown option: --sauce'],
    [['--create-topic'], 1, '--create-topic requires an argument (Topic Name)'],
    [['--delete-topic'], 1, '--delete-topic requires an argument (Topic Name)'],
    [['--describe-topic'], 1, '--describe-topic requires an argument (Topic Name)'],
    [['start', '-c'], 1, '-c requires an argument: path to configuration file'],
    [['start', '-c', 'nowhere.conf'], 2, /cannot read 'nowhere\.conf'/],
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
    expect({ code: await runDocumented('fink_kafka', args), printed }).toEqual({ code, printed: [] });
    expect(errors.join('\n')).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
  });
});
