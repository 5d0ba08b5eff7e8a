import { type AlertContext, type Settings, silent, Step, UsageError } from '@apf/core';
import { buildRun } from '@apf/connectors';
import { FakeSlack } from '../slack/fake-slack.js';
import { temporaryFolder } from './temporary-folder.js';

interface Alert {
  readonly objectId: string;
  readonly cdsxmatch: string;
}

/** Posts a line of each alert, and gives all of them to the tables. */
class Tell extends Step<Alert, string> {
  execute(alert: Alert, context: AlertContext): string {
    context.produce('tables', alert);
    return `new: ${alert.objectId}`;
  }
}

const before = { ...process.env };
let slack: FakeSlack;
beforeEach(async () => {
  slack = new FakeSlack();
  await slack.start();
  process.env = { ...before, SLACK_API_TOKEN: 'xoxb-secret', SLACK_API_URL: slack.url };
});
afterEach(async () => {
  process.env = before;
  await slack.stop();
});

const settings = (tables: object, messages: object = { channel: '#sne' }): Settings => ({
  CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl', 'consume.messages': 10 },
  PRODUCER_CONFIG: { CLASS: 'SlackProducer', PARAMS: { ...messages } },
  SIDE_OUTPUTS: { tables: { CLASS: 'SlackTableProducer', PARAMS: { ...tables } } },
});

const build = (written: Settings): ReturnType<typeof buildRun<Alert, string>> => {
  const folder = temporaryFolder({
    'alerts.jsonl': ['RRLyr', 'Unknown', 'RRLyr']
      .map((cdsxmatch, i) => JSON.stringify({ objectId: `ZTF${i}`, cdsxmatch }))
      .join('\n'),
    'slack_channels.txt': '# ours\nrrlyr\n',
  });
  return buildRun<Alert, string>(written, Tell, { folder, env: {}, logger: silent });
};

it('3.8 a step posts to Slack by its settings alone: lines as results, tables as a side output', async () => {
  const { runner } = await build(
    settings({ channels: 'slack_channels.txt', class: 'cdsxmatch', columns: ['objectId', 'cdsxmatch'] }),
  );
  expect((await runner.run()).stats).toMatchObject({ executed: 3, produced: 6, committed: 3 });
  const lines = slack.posts.flatMap(([channel, text]) => (channel === '#sne' ? text!.split('\n') : []));
  expect(lines).toEqual(['new: ZTF0', 'new: ZTF1', 'new: ZTF2']);
  const tables = slack.posts.filter(([channel]) => channel === '#rrlyr').map(([, text]) => text);
  expect(tables.join('')).toMatch(/\|objectId\|cdsxmatch\|/);
  expect(tables.join('').match(/ZTF\d/g)).toEqual(['ZTF0', 'ZTF2']);
});

it.each([
  [{}, /^settings: SIDE_OUTPUTS\.tables\.PARAMS\.channels is missing: name the file/],
  [{ channels: 'x', clas: 'y' }, /PARAMS\.clas is not a setting; did you mean 'class'\?$/],
  [{ channels: 'x', columns: 'objectId' }, /PARAMS\.columns must be a list of field names$/],
  [{ channels: 'none.txt' }, /^the file of Slack channels '.*none\.txt' cannot be read/],
])('settings for tables that are wrong are refused: %j', async (tables, message) => {
  await expect(build(settings(tables))).rejects.toThrow(message);
  await expect(build(settings(tables))).rejects.toBeInstanceOf(UsageError);
});

it('settings for messages that are wrong are refused, and so is a start without a token', async () => {
  const tables = { channels: 'slack_channels.txt' };
  await expect(build(settings(tables, { chanel: '#x' }))).rejects.toThrow(/did you mean 'channel'\?$/);
  delete process.env.SLACK_API_TOKEN;
  await expect(build(settings(tables))).rejects.toThrow(/^Slack needs a token: set SLACK_API_TOKEN/);
});
