import type { Clock } from '@apf/core';
import { SlackClient } from '../../src/slack/slack-client.js';
import { FakeSlack } from './fake-slack.js';

const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };
let slack: FakeSlack;
let client: SlackClient;

beforeEach(async () => {
  slack = new FakeSlack();
  await slack.start();
  client = new SlackClient({ token: 'xoxb-secret', baseUrl: slack.url, clock });
  slack.members = [
    { id: 'U0000000A', real_name: 'Alice', name: 'alice1' },
    { id: 'U0000000X', real_name: 'Bob', deleted: true },
    { id: 'U0000000B', real_name: 'Bob', name: 'bob', profile: { display_name: 'Bobby' } },
    { id: 'U0000000C', real_name: 'Carol' },
    { id: 'U0000000D', real_name: 'Carol' },
  ];
});
afterEach(() => slack.stop());

describe('3.8 a message', () => {
  it('goes to a channel', async () => {
    await client.sendMessage('#newsletter', 'New version of Fink is released');
    expect(slack.posts).toEqual([['#newsletter', 'New version of Fink is released']]);
    expect(slack.requests).toHaveLength(1);
  });

  it.each([['Bob'], ['bob '], ['Bobby'], ['U0000000B']])('goes to a member, called %j', async (recipient) => {
    await client.sendMessage(recipient, 'Your submitted query is complete');
    expect(slack.posts).toEqual([['U0000000B', 'Your submitted query is complete']]);
  });

  it('to a channel that is unknown says so', async () => {
    slack.answers = [{ body: { ok: false, error: 'channel_not_found' } }];
    await expect(client.sendMessage('#nowhere', 'x')).rejects.toThrow(/^Slack knows no channel '#nowhere'/);
  });

  it.each([
    ['Dave', /^nobody in the Slack workspace is called 'Dave': check the real name/],
    ['\u001b[2JEve', /^nobody in the Slack workspace is called '\\u001b\[2JEve'/],
    ['Carol', /^2 in the Slack workspace are called 'Carol': give the id, one of U0000000C, U0000000D$/],
  ])('to %j is not sent, and says why', async (recipient, message) => {
    await expect(client.sendMessage(recipient, 'x')).rejects.toThrow(message);
    await expect(client.sendMessage(recipient, 'x')).rejects.toMatchObject({ code: 'APF_SLACK' });
    expect(slack.posts).toEqual([]);
  });

  it('to a member waits out a rate limit of the list, too', async () => {
    slack.answers = [{ status: 429, headers: { 'retry-after': '1' } }];
    await client.sendMessage('Alice', 'x');
    expect(slack.posts).toEqual([['U0000000A', 'x']]);
  });

  it('to a member says which scope is missing', async () => {
    slack.answers = [{ body: { ok: false, error: 'missing_scope', needed: 'users:read' } }];
    await expect(client.sendMessage('Alice', 'x')).rejects.toThrow(/lacks the scope users:read/);
  });
});
