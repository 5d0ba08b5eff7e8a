import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { type AlertsView, ROUTES, type StreamView } from '@apf/dashboard';
import { parseSchema, writeContainer } from '@apf/core';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { eventually } from '../../dashboard/test/eventually';
import { type Running, startApf } from './apf';

const schema = parseSchema(ZTF_ALERT_SCHEMA);
const night = [...syntheticZtf({ seed: 6, objects: 4, now: new Date('2026-11-20') })].map(
  ({ alert }) => alert,
);

/** The address that a dashboard prints. */
async function addressOf(running: Running): Promise<URL> {
  const said = await running.saw(/The (dashboard|page) is at http/);
  return new URL(/is at (http\S+)/.exec(said)![1]!);
}

async function json<T>(url: URL, path: string, headers: Record<string, string> = {}): Promise<T> {
  return (await (await fetch(new URL(path, url), { headers })).json()) as T;
}

/** What a page hears in the first second. */
async function heard(url: URL, headers: Record<string, string>): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(new URL(ROUTES.events, url), { headers, signal: stop.signal });
  let text = '';
  for await (const part of response.body!) {
    text += Buffer.from(part as Uint8Array).toString();
    if (text.includes('event: stream') && text.includes('event: alerts')) break;
  }
  stop.abort();
  return text;
}

describe('apf dashboard', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-e2e-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('serves files until it is interrupted, then ends at once with 0, pages open or not', async () => {
    await writeFile(join(folder, 'night.avro'), writeContainer(schema, night));
    const running = startApf(['dashboard', '--in', folder, '--port', '0']);
    const url = await addressOf(running);
    expect(url.hostname).toBe('127.0.0.1');
    const { rows } = await eventually(
      () => json<AlertsView>(url, ROUTES.alerts),
      ({ kept }) => kept === night.length,
    );
    expect(rows.map(({ alertId }) => alertId)).toContain(String(night[0]!.candid));
    const open = await fetch(new URL(ROUTES.events, url));
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    await open.text().catch(() => '');
  });

  it('at any other address needs the token that it prints, or that of a file, which it does not', async () => {
    await writeFile(join(folder, 'night.avro'), writeContainer(schema, night));
    const made = startApf(['dashboard', '--in', folder, '--host', '0.0.0.0', '--port', '0']);
    const url = await addressOf(made);
    expect((await fetch(new URL('/', url))).status).toBe(401);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    made.child.kill('SIGTERM');
    expect((await made.ended).code).toBe(0);

    const token = 'long-enough-to-be-a-token';
    const path = join(folder, 'token');
    await writeFile(path, `${token}\n`);
    const given = startApf(['dashboard', '--in', folder, '--token-file', path, '--port', '0']);
    const where = await addressOf(given);
    expect((await fetch(new URL(ROUTES.info, where))).status).toBe(401);
    expect(await json(where, ROUTES.info, { authorization: `Bearer ${token}` })).toMatchObject({
      source: 'files',
    });
    given.child.kill('SIGTERM');
    const { stdout, stderr } = await given.ended;
    expect(stdout + stderr).not.toContain(token);
  });

  it('serves the page beside the demo until Ctrl-C, with its group, its alerts and their classes', async () => {
    await mkdir(join(folder, 'tmp'));
    const running = startApf(['demo', '--open', '--objects', '100'], folder, {
      TMPDIR: join(folder, 'tmp'),
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
    });
    const url = await addressOf(running);
    await running.saw(/stays until Ctrl-C/);
    const { now } = await eventually(
      () => json<StreamView>(url, ROUTES.stream),
      (view) => view.now.groups[0]?.lag === 0,
    );
    expect(now.groups[0]!.name).toBe('demo');
    const classes = await eventually(
      () => json<AlertsView>(url, `${ROUTES.alerts}?topic=ztf`),
      ({ rows }) => rows.length > 5,
    );
    const column = classes.columns.findIndex(({ key }) => key === 'class');
    for (const { cells } of classes.rows) expect(cells[column]).toEqual(expect.any(String));
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });
});

onRealKafka('sasl', 'apf dashboard of a broker with passwords', (kafka) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-e2e-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('never says the password in any answer, whatever is asked and whatever goes wrong', async () => {
    const [user, password, topic] = [uniqueName('user'), uniqueName('password'), uniqueName('dash')];
    await kafka.addUser(user, password, 'SCRAM-SHA-512');
    await kafka.createTopic(topic);
    // No group is permitted, since none is used.
    await kafka.allow({ user, operations: ['READ', 'DESCRIBE', 'WRITE'], topic });
    const path = join(folder, 'password');
    await writeFile(path, `${password}\n`);
    await writeFile(join(folder, 'night.avro'), writeContainer(schema, night.slice(0, 1)));
    const login = ['--servers', kafka.saslServers, '--username', user, '--password-file', path];
    const sent = startApf([
      'simulate',
      join(folder, 'night.avro'),
      ...login,
      '--topic',
      topic,
      '--interval',
      '0',
    ]);
    expect((await sent.ended).code).toBe(0);

    const running = startApf([
      'dashboard',
      ...[...login, '--topics', topic, '--groups', 'nobody', '--port', '0'],
      ...['--dead-letters', folder, '--allow-replay'],
    ]);
    const url = await addressOf(running);
    await eventually(
      () => json<AlertsView>(url, ROUTES.alerts),
      ({ rows }) => rows.length === 1,
    );
    const at = `topic=${topic}&partition=0&offset=0`;
    const questions = [
      ...['/', '/main.js', '/main.css', '/api/nothing', ...Object.values(ROUTES)].filter(
        (p) => p !== ROUTES.events,
      ),
      ...[ROUTES.alert, ROUTES.raw, ROUTES.json].flatMap((route) => [`${route}?${at}`, `${route}?id=x`]),
      `${ROUTES.alerts}?filter=nothing%20%3D`,
      `${ROUTES.letter}?id=x`,
      `${ROUTES.sky}?topic=${topic}`,
    ];
    const answers = [await heard(url, {})];
    for (const question of questions) {
      const response = await fetch(new URL(question, url));
      answers.push(JSON.stringify([...response.headers]), await response.text());
    }
    const post = await fetch(new URL(ROUTES.replay, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url.origin },
      body: '{"letters":"all"}',
    });
    answers.push(await post.text());
    await kafka.removeUser(user);
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.ended;
    const all = [...answers, stdout, stderr].join('\n');
    expect(all).toContain(topic);
    expect(all).toContain(kafka.saslServers);
    for (const secret of [password, Buffer.from(password).toString('base64'), user])
      expect(all).not.toContain(secret);
  });

  it('ends with one line where the port is used, though the broker was reached', async () => {
    const [user, password] = [uniqueName('user'), uniqueName('password')];
    await kafka.addUser(user, password, 'SCRAM-SHA-512');
    const path = join(folder, 'password');
    await writeFile(path, `${password}\n`);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const login = ['--servers', kafka.saslServers, '--username', user, '--password-file', path];
    const { code, stderr } = await startApf(['dashboard', ...login, '--port', String(port)]).ended;
    other.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^apf.*something else listens there; choose another with --port.*\n$/,
      ) as string,
    });
  });

  it('ends with one line where the password is wrong', async () => {
    const user = uniqueName('user');
    await kafka.addUser(user, 'right', 'SCRAM-SHA-512');
    const path = join(folder, 'password');
    await writeFile(path, 'not-right\n');
    const login = ['--servers', kafka.saslServers, '--username', user, '--password-file', path];
    const { code, stdout, stderr } = await startApf(['dashboard', ...login, '--port', '0']).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('not-right');
  });
});
