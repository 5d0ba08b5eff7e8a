import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import yargs from 'yargs';
import { withDistributeOptions } from '../../src/distribute/distribute-options.js';
import { type DistributionPlan, distributionPlan } from '../../src/distribute/distribution-plan.js';

const NOW = Date.UTC(2026, 10, 25, 12);

const TO = { 'bootstrap.servers': 'a:9092,b:9092' };
const FROM = { 'bootstrap.servers': 'c:9092' };

async function plan(...args: string[]): Promise<DistributionPlan> {
  return planned(args, FROM);
}

async function planned(args: string[], from: Record<string, string>): Promise<DistributionPlan> {
  const options = await withDistributeOptions(yargs(args)).exitProcess(false).parseAsync();
  return distributionPlan(options, { to: TO, from }, NOW);
}

const TABLE = ['--database', 'alerts.sqlite'];
const ALL = [...TABLE, '--topic', 'fink_outstream'];

describe('what apf distribute is asked to do', () => {
  it('reads a database from its checkpoint, and sends all alerts to a topic', async () => {
    expect(await plan(...ALL)).toMatchObject({
      input: {
        kind: 'table',
        database: { ENGINE: 'sqlite', FILE_PATH: 'alerts.sqlite' },
        checkpoint: { file: 'distribution.checkpoint' },
        since: undefined,
        mark: undefined,
      },
      params: TO,
      topics: ['fink_outstream'],
      schemaPath: 'distribution_schema.avsc',
      once: false,
    });
  });

  it("sends a filter's alerts to the topic of its name", async () => {
    const filters = [
      '--filter',
      "rrlyr=cdsxmatch == 'RRLyr'",
      '--filter',
      'bright=mag<18',
      '--topic-prefix',
      'fink_',
    ];
    const planned = await plan(...TABLE, ...filters);
    expect(planned.filters.map(({ name }) => name)).toEqual(['rrlyr', 'bright']);
    expect(planned.topics).toEqual(['fink_rrlyr', 'fink_bright']);
  });

  it.each([
    [['--from-topics', 'ss', '--topic', 'ss'], "--topic 'ss' is read, too"],
    [['--from-topics', '^xs.*', '--topic', 'xs_new'], "--topic 'xs_new' is read, too"],
    [['--from-topics', '^xs.*', '--filter', 'xs_a=mag<18'], "would write to 'xs_a', which is read"],
  ])('never feeds itself: %j', async (args, problem) => {
    await expect(planned(args, { 'bootstrap.servers': 'x:1,B:9092' })).rejects.toThrow(problem);
    await expect(planned(args, FROM)).resolves.toBeDefined();
  });

  it('reads topics by a group, from the broker that is named for them', async () => {
    const input = ['--from-topics', 'a,b', '--group', 'mine', '--since', '2h'];
    expect((await plan(...input, '--topic', 'out')).input).toEqual({
      kind: 'topics',
      topics: ['a', 'b'],
      params: FROM,
      group: 'mine',
      schema: undefined,
      since: new Date(NOW - 7_200_000),
    });
  });

  it.each([
    [['--topic', 'b,a'], 'apf-distribute-a-b'],
    [['--filter', 'rr=mag<1', '--topic-prefix', 'fink_'], 'apf-distribute-fink_rr'],
    [['--topic', 'a,b,c,d'], expect.stringMatching(/^apf-distribute-[0-9a-f]{8}$/)],
    [['--topic', 'a'.repeat(249)], expect.stringMatching(/^apf-distribute-[0-9a-f]{8}$/)],
  ])('reads topics by a group of its own for %j', async (output, group) => {
    const { input } = await plan('--from-topics', 'ztf', ...output);
    expect(input).toMatchObject({ group });
    expect((await plan('--from-topics', 'ztf', ...output)).input).toEqual(input);
    expect((await plan('--from-topics', 'ztf', '--topic', 'other')).input).not.toMatchObject({ group });
  });

  it('names the schema after the topic where that is asked for', async () => {
    const planned = async (...args: string[]): Promise<string> => {
      const options = await withDistributeOptions(yargs(args)).exitProcess(false).parseAsync();
      return (await distributionPlan({ ...options, schemaByTopic: true }, { to: {}, from: {} })).schemaPath;
    };
    expect(await planned(...TABLE, '--topic', 'matched')).toBe('matched_schema.avsc');
    expect(await planned(...TABLE, '--topic', 'a,b')).toBe('crossmatch_schema.avsc');
    expect(await planned(...ALL, '--schema-out', 'mine.avsc')).toBe('mine.avsc');
  });

  it('says what is missing where no database is named', async () => {
    const to = { to: {}, from: {} };
    await expect(distributionPlan({ topic: ['x'] }, to)).rejects.toThrow(
      /^no database is named: give --database/,
    );
    await expect(
      distributionPlan({ topic: ['x'] }, { ...to, noDatabase: 'write KEY into the conf' }),
    ).rejects.toThrow(new UsageError('write KEY into the conf'));
  });

  it('marks rows, keeps its position in the database, and begins where it is told to', async () => {
    const more = ['--mark', 'status=distributed', '--checkpoint', 'table:fink', '--since', 'beginning'];
    expect((await plan(...ALL, ...more)).input).toMatchObject({
      mark: { column: 'status', value: 'distributed' },
      checkpoint: { line: 'fink' },
      since: 'beginning',
    });
  });

  it('ends by itself where it is only tried', async () => {
    expect(await plan(...ALL, '--dry-run')).toMatchObject({ once: true, dryRun: true });
  });

  it('joins the conditions of rules and of the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'apf-plan-'));
    try {
      const path = join(folder, 'rules.xml');
      const column = '<column name="magpsf" operator="&lt;" value="18"/>';
      writeFileSync(
        path,
        `<distribution-rules><select><column name="magpsf"/></select><filter>${column}</filter></distribution-rules>`,
      );
      const { rules } = await plan(...ALL, '--rules', path, '--where', 'fid == 1');
      expect(rules).toEqual({ select: ['magpsf'], drop: [], filter: '(`magpsf` < 18) and (fid == 1)' });
      await expect(plan(...ALL, '--rules', path, '--drop', 'x')).rejects.toThrow(/exclude each other/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [[...TABLE], 'names no topic'],
    [[...ALL, '--filter', 'x=mag<1'], '--topic is for a distribution without filters'],
    [[...TABLE, '--filter', 'mag<1'], 'give an expression one: NAME=EXPRESSION'],
    [[...TABLE, '--filter', 'x=='], 'give an expression one: NAME=EXPRESSION'],
    [[...TABLE, '--filter', 'x=mag <'], 'filter x: the expression is wrong'],
    [[...TABLE, '--filter', 'x=mag<1', '--filter', 'x=mag<2'], "two filters are named 'x'"],
    [[...TABLE, '--filter', '../x=mag<1'], "is no filter's name"],
    [[...TABLE, '--filter', `${'a'.repeat(300)}=mag<1`], 'cannot name a filter'],
    [[...TABLE, '--filter', 'x=mag<1', '--topic-prefix', 'a/b'], 'is not a legal topic name'],
    [[...TABLE, '--topic', 'a b'], 'is not a legal topic name'],
    [[...TABLE, '--topic', '../../etc'], 'is not a legal topic name'],
    [[...TABLE, '--topic', 'a\u001b[2J'], 'is not a legal topic name'],
    [[...TABLE, '--topic', 'a\u0000b'], 'is not a legal topic name'],
    [[...TABLE, '--topic', '^all'], 'is a pattern'],
    [[...TABLE, '--watchlist', 'x'], 'write NAME=CATALOGUE'],
    [[...TABLE, '--watchlist', 'a/b=x.csv'], 'cannot name a filter'],
    [[...ALL, '--match', 'none.csv'], '--match adds nothing'],
    [[...ALL, '--match', 'c.csv', '--match-field', 'a=b', '--match-radius', '1e300'], 'up to 648000 arcsec'],
    [
      [...ALL, '--match', 'c.csv', '--match-field', 'a=b', '--match-field', 'a=c'],
      "'a' is to be added twice",
    ],
    [[...TABLE, '--watchlist', 'x=c.csv', '--watchlist-radius', '-1'], '--watchlist-radius must be above 0'],
    [[...ALL, '--match-field', 'a=b'], '--match-field needs --match'],
    [[...ALL, '--from-topics', 'x'], '--database is for alerts from a database'],
    [['--from-topics', 'x', '--topic', 'y', '--mark', 'a=b'], '--mark is for alerts from a database'],
    [['--from-topics', 'x', '--topic', 'y', '--group', ''], '--group needs a name'],
    [[...ALL, '--schema', 'x.avsc'], '--schema is for --from-topics'],
    [[...ALL, '--mark', 'status'], '--mark is column=value'],
    [[...ALL, '--since', 'yesterday'], "--since 'yesterday' is no time"],
    [[...ALL, '--exit-after', '0'], '--exit-after must be above 0'],
    [[...ALL, '--where', 'mag <'], 'expected'],
    [[...ALL, '--checkpoint', 'table:a b'], 'the name has letters'],
  ])('refuses %j', async (args, why) => {
    const error: unknown = await plan(...args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(why);
  });

  it('refuses an expression of 10 MB unread', async () => {
    await expect(plan(...TABLE, '--filter', `x=${'1+'.repeat(5_000_000)}1<2`)).rejects.toThrow(
      /has \d+ characters, 262144 at most are read/,
    );
  });
});
