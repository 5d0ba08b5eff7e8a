import type { OffsetRange } from '@apf/connectors';
import { UsageError } from '@apf/core';
import yargs from 'yargs';
import type { Connection } from '../../src/connection/connection';
import { withConsumeOptions } from '../../src/consume/consume-options';
import { consumePlan, type ConsumePlan } from '../../src/consume/consume-plan';
import { ConsumeStep } from '../../src/consume/consume-step';
import { shared } from '../../src/consume/read-in-workers';

const plan = (args: readonly string[], profile: Connection['profile'] = {}, name?: string): ConsumePlan => {
  const options = withConsumeOptions(yargs([]))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message);
    })
    .parseSync([...args]);
  const to: Connection = { servers: 'a:1', username: undefined, params: {}, secrets: [], name, profile };
  return consumePlan(options, to, Date.UTC(2021, 2, 15));
};

describe('consumePlan', () => {
  it('a group of user, host and profile, the same each time', () => {
    const { group } = plan(['--topics', 't'], {}, 'fink');
    expect(group).toMatch(/^.+@.+-fink$/);
    expect(plan(['--topics', 't'], {}, 'fink').group).toBe(group);
    expect(plan(['--topics', 't'], { groupPrefix: 'me-' }).group).toMatch(/^me-.+@/);
    expect(plan(['--topics', 't'], { group: 'given' }).group).toBe('given');
    expect(plan(['--topics', 't', '--group', 'mine'], { group: 'given' }).group).toBe('mine');
  });

  it('a part of the stream is read once, unless a group is named', () => {
    for (const args of [
      ['--since', '2h'],
      ['--tail', '5'],
      ['--night', '20210315'],
      ['--from', 'latest'],
      ['--no-group'],
    ])
      expect(plan(['--topics', 't', ...args]).group).toBeUndefined();
    expect(plan(['--topics', 't', '--since', '2h', '--group', 'g']).group).toBe('g');
  });

  it('what has an end stops there', () => {
    const ends = (...args: string[]): boolean => plan(['--topics', 't', ...args]).untilEnd;
    expect([
      ends(),
      ends('--since', '2h'),
      ends('--tail', '5'),
      ends('--until', '1h'),
      ends('--until-eos'),
    ]).toEqual([false, false, true, true, true]);
    expect(ends('--tail', '5', '--no-until-eos')).toBe(false);
  });

  it('topics from the profile, several, and expressions with commas', () => {
    expect(plan([], { topics: ['a', 'b'] }).topics).toEqual(['a', 'b']);
    expect(plan(['--topics', 'a,^ztf_[0-9]{7,8}', '--topics', 'c']).topics).toEqual([
      'a',
      '^ztf_[0-9]{7,8}',
      'c',
    ]);
  });

  it('says where alerts go', () => {
    const outputs = (...args: string[]): unknown => {
      const { display, save } = plan(['--topics', 't', ...args]);
      return [display, save?.format];
    };
    expect(outputs('--format', 'none')).toEqual([undefined, undefined]);
    expect(outputs('--save', 'd')).toEqual([undefined, 'avro']);
    expect(outputs('--save', 'd', '--format', 'fink')).toEqual(['fink', 'avro']);
    expect(outputs('--save', 'd', '--format', 'parquet')).toEqual([undefined, 'parquet']);
  });

  it('several processes share no terminal, no count and no memory', () => {
    expect(plan(['--topics', 't', '--save', 'out', '--workers', '4']).workers).toBe(4);
    expect(plan(['--topics', 't', '--format', 'none', '--workers', '4']).workers).toBe(4);
  });

  it('partitions are shared out by their messages, to no more processes than there are partitions', () => {
    const part = (partition: number, end: number): OffsetRange => ({ topic: 't', partition, start: 0, end });
    const sizes = shared([part(0, 10), part(1, 100), part(2, 60), part(3, 50)], 2).map((parts) =>
      parts.reduce((sum, { end }) => sum + end!, 0),
    );
    expect(sizes).toEqual([110, 110]);
    expect(shared([part(0, 10), part(1, 10)], 5)).toHaveLength(2);
    expect(shared([part(0, 0), part(1, 0)], 2).every((parts) => parts.length === 1)).toBe(true);
  });

  it.each<[string[], RegExp]>([
    [['--topics', 't', '--workers', '0'], /^--workers must be a whole number from 1 to 64$/],
    [['--topics', 't', '--workers', '2', '--format', 'json'], /^--workers needs --save, or --format none/],
    [
      ['--topics', 't', '--workers', '2', '--save', 'out', '--limit', '5'],
      /^--limit is for one process: leave out --workers$/,
    ],
    [['--topics', 't', '--workers', '2', '--save', 'out', '--unique'], /^--unique is for one process/],
    [[], /no topic is named: give --topics/],
    [['--topics', 'a b'], /--topics: 'a b' is not a legal topic name/],
    [['--topics', 't*'], /write the regular expression '\^t\.\*'/],
    [['--topics', 't', '--limit', '0'], /--limit must be a whole number/],
    [['--topics', 't', '--every', '1.5'], /--every must be a whole number/],
    [['--topics', 't', '--tail', 'x'], /--tail must be a whole number/],
    [['--topics', 't', '--timeout', '-1'], /--timeout must be a number above 0/],
    [['--topics', 't', '--rotate-size', '0'], /--rotate-size must be a number above 0/],
    [['--topics', 't', '--since', 'soon'], /--since 'soon' is no time/],
    [['--topics', 't', '--until', 'soon'], /--until 'soon' is no time/],
    [['--topics', 't', '--night', 'x'], /--night 'x' is no date/],
    [['--topics', 't', '--since', '1h', '--tail', '2'], /--since and --tail exclude each other/],
    [['--topics', 't', '--night', '20210315', '--until', '1h'], /--night and --until exclude/],
    [['--topics', 't', '--since', '1h', '--until', '2h'], /--since is not before --until/],
    [['--topics', 't', '--time', 'observation'], /--time observation needs --since/],
    [['--topics', 't', '--save', ''], /--save needs a folder/],
    [['--topics', 't', '--plot', ''], /--plot needs a folder/],
    [['--topics', 't', '--group', 'g', '--no-group'], /--group is given twice/],
    [['--topics', 't', '--format', 'parquet'], /--format parquet needs --save/],
    [['--topics', 't', '--bundle'], /--bundle needs --save/],
    [['--topics', 't', '--format', 'xml'], /Invalid values|Choices/],
    [['--topics', 't', '--survey', 'gaia'], /Invalid values|Choices/],
  ])('%j is a usage error', (args, message) => {
    expect(() => plan(args)).toThrow(message);
  });

  it('a filter that is no condition is found before anything is read', () => {
    const options = { every: undefined, unique: false, survey: undefined, observed: undefined };
    expect(() => new ConsumeStep({ ...options, filter: 'mag <' })).toThrow(UsageError);
  });
});
