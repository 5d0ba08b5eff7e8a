import { request } from 'node:http';
import { memoryFeed } from '../memory-feed';
import { served } from '../served';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** As a client that sets any header, which fetch does not. */
function ask(url: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    asking.on('error', reject).end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('on loopback', () => {
  it('everything is answered with a strict policy, and nothing is kept', async () => {
    const { url, token } = await served({ alerts: memoryFeed([]) });
    expect(token).toBeUndefined();
    for (const path of ['', 'main.js', 'api/info', 'api/nothing']) {
      const { headers } = await ask(url + path);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'whoever asks for the host %j is refused: it is a name that was turned to this machine',
    async (host) => {
      const { url } = await served({ alerts: memoryFeed([]) });
      expect((await ask(`${url}api/info`, { host })).status).toBe(403);
    },
  );

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('the host %s is this machine', async (host) => {
    const { url } = await served({ alerts: memoryFeed([]) });
    expect((await ask(`${url}api/info`, { host: `${host}:${new URL(url).port}` })).status).toBe(200);
  });

  it('an address that is none is answered as any other mistake, and after the same checks', async () => {
    const { url } = await served({ alerts: memoryFeed([]) });
    const { status, headers, body } = await ask(`${url}%ff`);
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({
      status: 400,
      body: { error: expect.stringContaining("'/%ff'") as string, code: 'APF_USAGE' },
    });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect((await ask(`${url}%ff`, { host: 'evil.example' })).status).toBe(403);
  });

  it('pages of other sites get nothing, but may link to the page', async () => {
    const { url } = await served({ alerts: memoryFeed([]) });
    const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask(`${url}api/info`, foreign)).status).toBe(403);
    expect((await ask(`${url}main.js`, foreign)).status).toBe(403);
    expect((await ask(`${url}api/info`, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ask(`${url}api/info`, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask(url, link)).status).toBe(200);
    expect((await ask(`${url}api/info`, link)).status).toBe(403);
  });

  it('a POST is taken from the page itself only, and only as JSON', async () => {
    const store = { where: 'nowhere', list: () => Promise.resolve([]), done: () => Promise.resolve() };
    const { url } = await served({
      alerts: memoryFeed([]),
      letters: { store, replay: (letters) => Promise.resolve(letters.length) },
    });
    const origin = new URL(url).origin;
    const replay = `${url}api/letters/replay`;
    const all = JSON.stringify({ letters: 'all' });
    expect(await ask(replay, { ...JSON_TYPE, origin }, all)).toMatchObject({
      status: 200,
      body: '{"replayed":0}',
    });
    expect((await ask(replay, JSON_TYPE, all)).status).toBe(403);
    expect((await ask(replay, { ...JSON_TYPE, origin: 'http://evil.example' }, all)).status).toBe(403);
    expect((await ask(replay, { ...JSON_TYPE, origin: 'null' }, all)).status).toBe(403);
    expect((await ask(replay, { 'content-type': 'text/plain', origin }, all)).status).toBe(415);
    expect((await ask(replay, { ...JSON_TYPE, origin }, '{"letters":7}')).status).toBe(400);
    expect((await ask(replay, { ...JSON_TYPE, origin }, '{')).status).toBe(400);
  });
});

describe('with a token', () => {
  it('it is made for any address but loopback, and the first visit leaves a cookie', async () => {
    const { url, token } = await served({ alerts: memoryFeed([]), host: '0.0.0.0' });
    const { origin } = new URL(url);
    expect(token!.length).toBeGreaterThanOrEqual(32);
    expect(url).toBe(`${origin}/?token=${token}`);

    const first = await ask(url);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    const [cookie] = first.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const [pair] = cookie!.split(';') as [string];
    expect((await ask(`${origin}/`, { cookie: `other=1; ${pair}` })).status).toBe(200);
    expect((await ask(`${origin}/api/info`, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('who does not know it gets nothing, whatever is tried', async () => {
    const token = 'a-token-of-a-test';
    const { url } = await served({ alerts: memoryFeed([]), token });
    const { origin } = new URL(url);
    const name = `apf_dashboard_${new URL(url).port}`;
    const tries: [string, Record<string, string>][] = [
      ['/', {}],
      ['/main.js', {}],
      ['/api/info', {}],
      ['/api/events', {}],
      ['/nothing', {}],
      ['/%ff', {}],
      ['/?token=a-token-of-a-tes', {}],
      ['/?token=', {}],
      ['/?token=a-token-of-a-test&token=x', {}],
      // The token is taken from the address of the page alone, so that no other address ever needs it.
      [`/api/info?token=${token}`, {}],
      ['/api/info', { cookie: `${name}=wrong` }],
      ['/api/info', { cookie: `${name}=%E0%A4%A` }],
      ['/api/info', { cookie: `apf_dashboard=${token}` }],
      ['/api/info', { authorization: `Basic ${token}` }],
      ['/api/info', { authorization: 'Bearer ' }],
    ];
    for (const [path, headers] of tries) {
      const { status, body } = await ask(origin + path, headers);
      expect([path, status]).toEqual([path, 401]);
      expect(body).not.toContain(token);
    }
  });
});
