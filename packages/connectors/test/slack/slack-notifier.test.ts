import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { FatalError, PoisonError, RetryableError, UsageError, type Clock } from '@apf/core';
import { escapeSlack } from '../../src/slack/escape-slack.js';
import { SlackNotifier, type SlackNotifierOptions } from '../../src/slack/slack-notifier.js';
import { FakeSlack, type Answer } from './fake-slack.js';

const TOKEN = 'xoxb-secret-0123';

let slack: FakeSlack;
let folder: string;
let waits: number[];
let lines: string[];
const made: SlackNotifier[] = [];

beforeEach(async () => {
  slack = new FakeSlack();
  await slack.start();
  folder = mkdtempSync(join(tmpdir(), 'apf-slack-'));
  waits = [];
  lines = [];
});

afterEach(async () => {
  for (const notifier of made.splice(0)) await notifier.close();
  await slack.stop();
  rmSync(folder, { recursive: true });
});

/** Does not wait, and notes for how long it should have. */
const clock: Clock = {
  now: () => 0,
  sleep: async (ms) => {
    waits.push(ms);
  },
};

const log = (fields: object, message: string): void =>
  void lines.push(`${message} ${JSON.stringify(fields)}`);
const logger = { debug: log, info: log, warn: log, error: log };
const context = { signal: new AbortController().signal, logger };

function notifier(options: Partial<SlackNotifierOptions> = {}): SlackNotifier {
  const one = new SlackNotifier({
    token: TOKEN,
    channel: '#sne',
    baseUrl: slack.url,
    clock,
    ...options,
  });
  made.push(one);
  return one;
}

const refusal = (error: string, more: object = {}): Answer => ({ body: { ok: false, error, ...more } });

async function failure(answers: Answer[], options?: Partial<SlackNotifierOptions>): Promise<Error> {
  slack.answers = answers;
  return notifier(options)
    .post('hello', { context })
    .then(
      () => new Error('it was posted'),
      (error: Error) => error,
    );
}

describe('SlackNotifier', () => {
  it('posts a text to its channel with its token', async () => {
    await expect(notifier().post('a supernova: <https://alerce.online|ZTF20aaa>')).resolves.toBe(true);
    expect(slack.requests).toEqual([
      {
        url: '/api/chat.postMessage',
        authorization: `Bearer ${TOKEN}`,
        form: { channel: '#sne', text: 'a supernova: <https://alerce.online|ZTF20aaa>' },
      },
    ]);
  });

  it('takes token and address from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { SLACK_API_TOKEN: ` ${TOKEN}\n`, SLACK_API_URL: slack.url });
    try {
      await notifier({ token: undefined, baseUrl: undefined }).post('hello');
    } finally {
      process.env = before;
    }
    expect(slack.requests[0]?.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it.each([
    ['no token', { token: '' }, /set SLACK_API_TOKEN to your bot's/],
    [
      'a token with a line break',
      { token: `${TOKEN}\n${TOKEN}` },
      /SLACK_API_TOKEN has characters that no token has/,
    ],
    ['no channel', { channel: '' }, /needs a channel/],
    ['no address', { baseUrl: `nonsense ${TOKEN}` }, /SLACK_API_URL is no http\(s\) address/],
  ])('refuses to start with %s, and does not print the token', (_what, options, message) => {
    expect(() => notifier(options)).toThrow(message);
    expect(() => notifier(options)).toThrow(UsageError);
    expect(() => notifier(options)).not.toThrow(TOKEN);
  });

  it.each([
    ['channel_not_found', {}, /knows no channel '#sne': check the name or id.*invited/],
    ['not_in_channel', {}, /the Slack bot is not in '#sne': invite it/],
    ['is_archived', {}, /'#sne' is archived/],
    ['invalid_auth', {}, /refuses the token: put a valid bot token .* into SLACK_API_TOKEN/],
    ['token_revoked', {}, /refuses the token/],
    ['account_inactive', {}, /refuses the token/],
    ['missing_scope', { needed: 'chat:write' }, /lacks the scope chat:write: add it/],
    ['restricted_action', {}, /refuses messages to '#sne'/],
  ])(
    'stops at %s with one line that names it and the remedy, without another attempt',
    async (error, more, message) => {
      const failed = await failure([refusal(error, more)]);
      expect(failed).toBeInstanceOf(FatalError);
      expect(failed).toMatchObject({ code: 'APF_SLACK', message: expect.stringMatching(message) });
      expect(failed.message).toMatch(new RegExp(`^[^\n]* \\(${error}\\)$`));
      expect(slack.requests).toHaveLength(1);
    },
  );

  it.each([
    ['a page', { body: '<html>Sign in to the hotel network</html>' }],
    ['something else', { body: { message: 'hello' } }],
    ['HTTP 404', { status: 404 }],
    ['HTTP 403', { status: 403, body: 'forbidden' }],
  ])('tells an address that is not Slack: %s', async (_what, answer) => {
    const failed = await failure([answer]);
    expect(failed).toBeInstanceOf(FatalError);
    expect(failed.message).toMatch(/127\.0\.0\.1.*check SLACK_API_URL$/);
  });

  it('makes a text that Slack does not take its own alert’s fault', async () => {
    expect(await failure([refusal('msg_too_long')])).toBeInstanceOf(PoisonError);
  });

  it('waits out a rate limit for as long as Slack says, then goes on', async () => {
    slack.answers = [{ status: 429, headers: { 'retry-after': '7' } }];
    await expect(notifier().post('hello', { context })).resolves.toBe(true);
    expect(waits).toEqual([7000]);
    expect(lines).toEqual(['Slack limits the rate: again after 7 s {"channel":"#sne","attempt":1,"wait":7}']);
    expect(slack.texts).toEqual(['hello', 'hello']);
  });

  it('leaves a long rate limit to the runner', async () => {
    const failed = await failure([{ status: 429, headers: { 'retry-after': '90' } }]);
    expect(failed).toBeInstanceOf(RetryableError);
    expect(failed).toMatchObject({ code: 'APF_SLACK', retryAfter: 90 });
    expect(waits).toEqual([]);
  });

  it.each([
    ['HTTP 500', { status: 500, body: 'oops' }],
    ['HTTP 503', { status: 503 }],
    ['HTTP 429 without a time', { status: 429 }],
    ['ratelimited', refusal('ratelimited')],
    ['internal_error', refusal('internal_error')],
  ])('tries again at %s, three times in all, then leaves it to the runner', async (_what, answer) => {
    expect(await failure([answer, answer, answer])).toBeInstanceOf(RetryableError);
    expect(slack.requests).toHaveLength(3);
    expect(waits).toEqual([1000, 2000]);
  });

  it('tries again when Slack cannot be reached, and says where it looked', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const failed = await failure([], { baseUrl: `http://127.0.0.1:${port}` });
    expect(failed).toBeInstanceOf(RetryableError);
    expect(failed.message).toBe(`Slack cannot be reached at 127.0.0.1:${port}: ECONNREFUSED`);
    expect(waits).toEqual([1000, 2000]);
  });

  it('does not wait for another attempt once it is told to stop', async () => {
    slack.answers = [{ status: 500 }];
    const failed = notifier().post('hello', { context: { logger, signal: AbortSignal.abort() } });
    await expect(failed).rejects.toBeInstanceOf(RetryableError);
    expect(slack.requests).toHaveLength(1);
  });

  it('shows the token nowhere, whatever happens', async () => {
    const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation(() => undefined),
    );
    const echo = { ok: false, error: `bad ${TOKEN}`, token: TOKEN };
    const failures = [
      await failure([{ body: echo }]),
      await failure([{ status: 400, body: echo, headers: { 'x-echo': TOKEN } }]),
      await failure([{ status: 500, body: echo }, { status: 500, body: TOKEN }, { body: `"${TOKEN}"` }]),
      await failure([refusal('invalid_auth')]),
      await failure([], { baseUrl: 'http://127.0.0.1:1' }),
    ];
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
    expect(inspect([failures, lines], { depth: 10, showHidden: true })).not.toContain('secret');
  });

  describe('once', () => {
    it('posts one message for a key, also when two ask for it at the same time', async () => {
      const one = notifier();
      const answers = await Promise.all([
        one.post('first', { once: 'ZTF20aaa' }),
        one.post('again', { once: 'ZTF20aaa' }),
        one.post('other', { once: 'ZTF20bbb' }),
      ]);
      expect(answers).toEqual([true, false, true]);
      expect(await one.post('later', { once: 'ZTF20aaa' })).toBe(false);
      expect(slack.texts).toEqual(['first', 'other']);
    });

    it('does not count a message that was not posted', async () => {
      const one = notifier();
      slack.answers = [refusal('not_in_channel')];
      await expect(one.post('first', { once: 'ZTF20aaa' })).rejects.toThrow('not_in_channel');
      await expect(one.post('second', { once: 'ZTF20aaa' })).resolves.toBe(true);
    });

    it('holds over restarts with a memory, whatever the keys are', async () => {
      const memory = join(folder, 'state/posted');
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary' }), async (key) => {
          const one = notifier({ memory });
          const first = await one.post('x', { once: key });
          await one.close();
          expect(await notifier({ memory }).post('x', { once: key })).toBe(false);
          expect(slack.texts).toHaveLength(first ? 1 : 0);
          slack.requests.length = 0;
        }),
        { numRuns: 30 },
      );
    });

    it('reads a memory whose last line a crash has cut, and writes on behind it', async () => {
      const memory = join(folder, 'posted');
      writeFileSync(memory, '"ZTF20aaa"\n');
      appendFileSync(memory, '"ZTF20b');
      const one = notifier({ memory });
      expect(await one.post('x', { once: 'ZTF20aaa' })).toBe(false);
      expect(await one.post('x', { once: 'ZTF20bbb' })).toBe(true);
      expect(readFileSync(memory, 'utf8')).toBe('"ZTF20aaa"\n"ZTF20b\n"ZTF20bbb"\n');
    });

    it('refuses a memory that cannot be written before anything is posted', async () => {
      const one = notifier({ memory: '/proc/version/posted' });
      await expect(one.post('x', { once: 'a' })).rejects.toThrow(
        /cannot be kept in '\/proc\/version\/posted'.*name a file/,
      );
      expect(slack.requests).toEqual([]);
    });
  });
});

describe('escapeSlack', () => {
  it('leaves nothing that Slack takes for a command or a link', () => {
    expect(escapeSlack('<!channel> R&D <https://evil|ZTF>')).toBe(
      '&lt;!channel&gt; R&amp;D &lt;https://evil|ZTF&gt;',
    );
  });
});
