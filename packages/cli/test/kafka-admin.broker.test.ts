import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { type Account, loginAs, produceAs, readAs } from '../../connectors/test/cluster/try-access';
import { apfHere, type Ran } from './in-process';

onRealKafka('admin', 'apf kafka, for those who administer', (kafka) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-kafka-admin-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]): Promise<Ran> =>
    apfHere(['kafka', ...args, '--servers', kafka.bootstrapServers], { XDG_CONFIG_HOME: folder });
  const json = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const ended = await run(...args, '--json');
    expect(ended).toMatchObject({ code: 0 });
    return ended.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const account = (username: string, password: string): Account => ({
    servers: kafka.saslServers,
    username,
    password,
  });

  it('topics are made, described and deleted; deleting is asked', async () => {
    const topic = uniqueName('topic');
    const create = ['topics', 'create', topic, '--partitions', '2', '--config', 'retention.ms=3600000'];
    expect(await json(...create)).toEqual([{ topic, created: true }]);
    expect(await json(...create)).toEqual([{ topic, created: false }]);
    expect((await run('topics', 'list')).stdout).toMatch(new RegExp(`^${topic} +2 +1$`, 'm'));
    expect((await run('topics', 'describe', topic)).stdout).toBe(
      [
        `${topic}: 2 partitions, 1 replica, retention.ms=3600000`,
        'partition  leader  replicas  in sync  earliest  latest  messages',
        '        0       1  1         1               0       0         0',
        '        1       1  1         1               0       0         0',
        '',
      ].join('\n'),
    );
    const asked = await run('topics', 'delete', topic);
    expect(asked).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^apf: this would delete .*: add --yes, since nobody can be asked/),
    });
    expect(await json('topics', 'delete', topic, '--yes')).toEqual([{ topic, deleted: true }]);
    expect(await json('topics', 'delete', topic, '--yes')).toEqual([{ topic, deleted: false }]);
  });

  it('a user is made with a password that is shown once, and removed with all permissions', async () => {
    const [user, topic] = [uniqueName('jane'), uniqueName('topic')];
    await kafka.createTopic(topic);
    await produceAs({ servers: kafka.bootstrapServers }, topic, 'alert');
    const [made] = await json('users', 'add', user);
    expect(made).toMatchObject({ user, created: true, mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512'] });
    const jane = account(user, String(made?.password));
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)
      expect(await loginAs({ ...jane, mechanism })).toBe('logged in');
    expect((await run('users', 'list')).stdout).not.toContain(String(made?.password));

    const acl = [
      '--user',
      user,
      '--consumer',
      '--topic',
      topic,
      '--group',
      `${user}*`,
      '--host',
      '127.0.0.1',
    ];
    expect(await json('acls', 'add', ...acl)).toHaveLength(3);
    expect(await json('acls', 'add', ...acl)).toEqual([]);
    expect(await readAs(jane, topic, `${user}-step`)).toBe('alert');
    expect((await run('acls', 'list', '--user', user)).stdout.split('\n')[0]).toBe(
      `user${' '.repeat(user.length - 4)}  from       may       on     name`,
    );
    expect(await json('acls', 'remove', ...acl, '--yes')).toHaveLength(3);
    expect(await readAs(jane, topic, `${user}-step`)).toMatch(/authorization failed/);

    await json('acls', 'add', ...acl);
    expect(await json('users', 'remove', user, '--yes')).toEqual([{ user, removed: true, acls: 3 }]);
    expect(await loginAs(jane)).toMatch(/refused user/);
    expect(await json('acls', 'list', '--user', user)).toEqual([]);
  });

  it('a group is moved when it is to be, and only then', async () => {
    const [group, topic] = [uniqueName('group'), uniqueName('topic')];
    await kafka.createTopic(topic);
    await produceAs({ servers: kafka.bootstrapServers }, topic, ...Array.from({ length: 5 }, String));
    const reset = ['groups', 'reset', group, '--topic', topic, '--to', '3'];
    const shown = await run(...reset);
    expect(shown).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nnothing was changed: add --execute/),
    });
    expect(await json(...reset, '--execute')).toEqual([
      { group, executed: true, moves: [{ topic, partition: 0, from: null, to: 3 }] },
    ]);
    expect(await json('groups', 'describe', group)).toMatchObject([
      { group, state: 'EMPTY', positions: [{ topic, partition: 0, committed: 3, latest: 5, lag: 2 }] },
    ]);
    expect((await run('groups', 'reset', group, '--to', '-1')).stdout).toMatch(/ 3 +2 +-1\n/);
    expect(await json('groups', 'delete', group, '--yes')).toEqual([{ group, deleted: true }]);
    expect(await run('groups', 'describe', group)).toMatchObject({
      code: 1,
      stderr: `apf: there is no group '${group}'\n`,
    });
  });

  it('a grant lets a person in with what was printed; the access file takes it back when it is over', async () => {
    const [user, topic] = [uniqueName('joe'), uniqueName('stamp')];
    const file = join(folder, 'access.yml');
    await kafka.createTopic(topic);
    await produceAs({ servers: kafka.bootstrapServers }, topic, 'alert');
    const [granted] = await json(
      ...['grant', '--user', user, '--topics', `${topic.slice(0, -2)}*`, '--group-prefix', user],
      ...['--host', '127.0.0.1', '--name', 'Joe Doe', '--institution', 'Uni', '--email', 'joe@example.org'],
      ...['--until', '2099-12-31', '--file', file],
    );
    const joe = account(user, String(granted?.password));
    expect(granted?.text).toContain(`SASL_PASSWORD=${joe.password}`);
    expect(await readAs(joe, topic, `${user}_my_step`)).toBe('alert');
    expect(await readAs(joe, topic, uniqueName('other'))).toMatch(/Group authorization failed/);
    const written = await readFile(file, 'utf8');
    expect(written).toContain('until: 2099-12-31');
    expect(written).not.toContain(String(joe.password));
    expect((await run('access', 'plan', '--file', file)).stdout).toMatch(
      /nothing to change: the broker agrees/,
    );

    await writeFile(file, written.replace('2099', '2019'));
    expect(await json('access', 'plan', '--file', file)).toMatchObject([
      { removeUsers: [user], expired: [user] },
    ]);
    expect(await readAs(joe, topic, `${user}_my_step`)).toBe('alert');
    const asked = await run('access', 'apply', '--file', file);
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/add --yes, since nobody can be asked/),
    });
    expect((await run('access', 'apply', '--file', file, '--yes')).stdout).toMatch(
      new RegExp(`^- user ${user} \\(the grant is over\\)$`, 'm'),
    );
    expect(await loginAs(joe)).toMatch(/refused user/);

    await writeFile(file, written);
    const out = join(folder, 'out');
    await json('access', 'apply', '--file', file, '--yes', '--out', out);
    const text = await readFile(join(out, `${user}.txt`), 'utf8');
    const password = /SASL_PASSWORD=(\S+)/.exec(text)?.[1] ?? '';
    expect(await readAs(account(user, password), topic, `${user}_my_step`)).toBe('alert');
    await json('users', 'remove', user, '--yes');
  });
});
