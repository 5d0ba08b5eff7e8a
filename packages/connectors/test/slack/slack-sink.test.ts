import { type Clock, type Outgoing, RetryableError, silent } from '@apf/core';
import { FINK_TABLES } from '../../src/slack/class-tables.js';
import { composeMessages } from '../../src/slack/compose-messages.js';
import { composeTables } from '../../src/slack/compose-tables.js';
import { SlackClient } from '../../src/slack/slack-client.js';
import { type Compose, SlackSink } from '../../src/slack/slack-sink.js';
import { FakeSlack } from './fake-slack.js';

let slack: FakeSlack;
let now: number;
const signal = new AbortController().signal;
/** Time passes only while somebody sleeps. */
const clock: Clock = {
  now: () => now,
  sleep: async (ms) => {
    now += ms;
  },
};
beforeEach(async () => {
  now = 0;
  slack = new FakeSlack();
  await slack.start();
});
afterEach(() => slack.stop());

const sink = (compose: Compose): SlackSink =>
  new SlackSink({
    client: new SlackClient({ token: 'xoxb-secret', baseUrl: slack.url, clock }),
    compose,
    logger: silent,
    clock,
  });
const outgoing = (...values: unknown[]): Outgoing[] =>
  values.map((value, offset) => ({ value, origin: { topic: 't', partition: 0, offset, value: null } }));

it('puts the texts of a batch together, by channel', async () => {
  const one = sink(composeMessages('#sne'));
  expect(await one.write(outgoing('a', { text: 'b', channel: '#agn' }, { text: 'c' }))).toEqual([]);
  expect(await one.flush(signal)).toEqual([]);
  expect(slack.posts).toEqual([
    ['#sne', 'a\nc'],
    ['#agn', 'b'],
  ]);
});

it('keeps a post below what Slack recommends, and a second between two to a channel', async () => {
  const one = sink(composeMessages('#sne'));
  const times: number[] = [];
  slack.onRequest = () => times.push(now);
  await one.write(outgoing('x'.repeat(3000), 'y'.repeat(3000), { text: 'z', channel: '#agn' }));
  await one.flush(signal);
  expect(slack.texts).toEqual(['x'.repeat(3000), 'y'.repeat(3000), 'z']);
  expect(times).toEqual([0, 1000, 1000]);
});

it('posts to a member by name, whom it looks up once', async () => {
  slack.members = [{ id: 'U0000000B', real_name: 'Bob' }];
  const one = sink(composeMessages('Bob'));
  for (const text of ['first', 'second']) {
    await one.write(outgoing(text));
    await one.flush(signal);
  }
  expect(slack.posts).toEqual([
    ['U0000000B', 'first'],
    ['U0000000B', 'second'],
  ]);
  expect(slack.requests).toHaveLength(3);
});

it('posts nothing twice when a batch is written again after a fault', async () => {
  const one = sink(composeMessages(undefined));
  const batch = outgoing({ text: 'a', channel: '#one' }, { text: 'b', channel: '#two' });
  slack.answers = [{ body: { ok: true } }, ...Array<object>(3).fill({ status: 503 })];
  await one.write(batch);
  await expect(one.flush(signal)).rejects.toBeInstanceOf(RetryableError);
  await one.write(batch);
  expect(await one.flush(signal)).toEqual([]);
  expect(slack.posts.filter(([channel]) => channel === '#one')).toHaveLength(1);
  expect(slack.posts.at(-1)).toEqual(['#two', 'b']);
});

it('gives back what Slack will never take, also when a later post had to be tried again', async () => {
  const one = sink(composeMessages(undefined));
  const batch = outgoing({ text: 'a', channel: '#one' }, { text: 'b', channel: '#two' });
  slack.answers = [{ body: { ok: false, error: 'msg_too_long' } }, ...Array<object>(3).fill({ status: 503 })];
  await one.write(batch);
  await expect(one.flush(signal)).rejects.toBeInstanceOf(RetryableError);
  await one.write(batch);
  expect(await one.flush(signal)).toMatchObject([{ outgoing: batch[0], error: { code: 'APF_SLACK' } }]);
});

it.each([
  [5, /^a result for Slack is a text, or an object/],
  [null, /^a result for Slack is a text, or an object/],
  [{ text: ' ' }, /^a result for Slack is a text, or an object/],
  ['text', /names no 'channel', nor do the settings/],
])('refuses %j as a message', async (value, message) => {
  const refused = await sink(composeMessages(undefined)).write(outgoing(value));
  expect(refused).toMatchObject([{ error: { message: expect.stringMatching(message) } }]);
});

it('posts the tables of a batch of rows; rows of no class are done', async () => {
  const one = sink(composeTables({ ...FINK_TABLES, channels: ['#rrlyr'] }));
  const rows = ['RRLyr', 'Unknown', 'RRLyr'].map((name, i) => ({
    objectId: `o${i}`,
    cross_match_alerts_per_batch: name,
  }));
  expect(await one.write(outgoing(...rows, 'no row'))).toEqual([]);
  expect(await one.flush(signal)).toEqual([]);
  expect(slack.posts).toMatchObject([['#rrlyr', expect.stringMatching(/\|o0 [^]*\|o2 /)]]);
});
