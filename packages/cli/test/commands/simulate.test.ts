import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { command } from '../../src/commands/simulate.js';
import { sampleConf } from '../../src/simulate/sample-confs.js';
import { elasticcNight, writeGathered } from '../simulate/elasticc-alerts.js';
import { runCommand, type Ran } from './run-command.js';

describe('apf simulate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-simulate-'));
    writeGathered(join(folder, 'gathered'), elasticcNight(4));
    mkdirSync(join(folder, 'empty'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const simulate = (...args: string[]): Promise<Ran> => runCommand('simulate [paths..]', command, ...args);
  const some = ['--servers', '127.0.0.1:9', '--topic', 't'];

  it.each([
    [['none', ...some], /^there is no file or folder '.*none' /],
    [['empty', ...some], /^the folder '.*empty' has no file named \*\.avro, /],
    [['gathered', '--dry-run', '--display-field', 'diaSource,x'], /^the alerts have no field 'diaSource,x' /],
    [['gathered', ...some, '--interval', '-1'], /^--interval must be from 0 to 86400 seconds, not -1$/],
    [
      ['gathered', ...some, '--nalerts-per-obs', '0'],
      /^--nalerts-per-obs must be a whole number of at least 1/,
    ],
    [
      ['gathered', ...some, '--nobservations', '-2'],
      /^--nobservations must be a whole number of at least 1, or -1 /,
    ],
    [['gathered', ...some, '--visits', '--visit-alerts', '0.5'], /^--visit-alerts must be a whole number/],
    [['gathered', ...some, '--bursts'], /^bursts are of visits: add --visits, /],
    [['gathered', ...some, '--visits', '--window', '0'], /^--window must be more than 0 and less than the /],
    [
      ['gathered', ...some, '--visits', '--window', '39'],
      /^--window must be .* the interval of 39 s.*, not 39$/,
    ],
    [['gathered', ...some, '--visits', '--bursts', '--rate', '9'], /^name --rate or --bursts, not both/],
    [['gathered', ...some, '--rate', '0'], /^--rate must be more than 0 alerts per second, not 0$/],
    [
      ['gathered', ...some, '--schema-id', '-1'],
      /^--schema-id must be a whole number from 0 to 4294967295, not -1$/,
    ],
    [['gathered', '--servers', '127.0.0.1:9'], /^--topic is missing: name the topic to send to$/],
    [
      ['gathered', ...some, '--embedded'],
      /^name a broker with --servers, or bring one up with --embedded, not /,
    ],
    [['gathered', ...some, '--seed', '1'], /^--seed is for a synthetic sky: leave it out, or the path$/],
    [['gathered', '--synthetic', ...some], /^name paths or --synthetic, not both$/],
    [
      ['gathered', ...some, '-c', 'none.conf'],
      /^the configuration 'none\.conf' cannot be read: no such file or folder/,
    ],
  ])('%j is a mistake of whoever typed it', async ([path, ...args], message) => {
    const { error } = await simulate(join(folder, path!), ...args);
    expect(error).toBeInstanceOf(UsageError);
    expect(error!.message).toMatch(message);
    expect(error!.message).not.toContain('\n');
  });

  it('says with --dry-run in how many bursts visits would leave, only with --bursts or --window (S5)', async () => {
    const sky = ['--visits', '--dry-run', '--survey', 'elasticc', '--objects', '400'];
    const visits = async (...args: string[]): Promise<{ alerts: number; groups?: number }[]> =>
      (await simulate(...sky, '--json', ...args)).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; alerts: number; groups?: number })
        .filter(({ event }) => event === 'visit');
    const [whole, bursts] = [await visits(), await visits('--bursts')];
    expect(bursts.map(({ alerts }) => alerts)).toEqual(whole.map(({ alerts }) => alerts));
    expect(whole[0]).not.toHaveProperty('groups');
    expect(bursts.length).toBeGreaterThan(0);
    for (const { alerts, groups } of bursts) {
      expect(groups).toBeGreaterThan(90);
      expect(groups).toBeLessThanOrEqual(Math.min(189, alerts));
    }
    expect((await simulate(...sky, '--bursts')).stdout).toMatch(/every 39 s, over 3 s\.$/m);
    const { stdout } = await simulate(...sky, '--window', '2.5');
    expect(stdout).toMatch(/^visit \d+: \d+ alerts in \d+ bursts, .*\n(.*\n)*Nothing .* over 2\.5 s\.\n$/);
  });

  it('prints a sample configuration', async () => {
    expect((await simulate('--sample-conf', 'elasticc')).stdout).toBe(sampleConf('elasticc'));
  });
});
