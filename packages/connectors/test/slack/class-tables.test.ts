import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { channelName, readChannels } from '../../src/slack/channel-name.js';
import { classTables, FINK_TABLES } from '../../src/slack/class-tables.js';
import { sendSlackAlerts } from '../../src/slack/send-slack-alerts.js';
import { SlackClient } from '../../src/slack/slack-client.js';
import { FakeSlack } from './fake-slack.js';

/** The six columns of Fink's page. */
const row = (
  objectId: string,
  candid: bigint,
  type: string,
  pid: bigint,
  ra: number,
  dec: number,
): object => ({
  objectId,
  candid,
  cross_match_alerts_per_batch: type,
  candidate_pid: pid,
  candidate_ra: ra,
  candidate_dec: dec,
});
const ROWS = [
  row('ZTF17aabuwws', 697252840615015002n, 'RRLyr', 697252840615n, 12.5901418, -13.2635671),
  row('ZTF17aabuxzj', 697252841215010003n, 'EB*WUMa', 697252841215n, 9.8194532, -12.512629),
  row('ZTF18abosdxh', 697252845515010007n, 'RRLyr', 697252845515n, 13.8237084, -7.6134186),
  row('ZTF18acsbtwe', 697252844515015002n, 'Unknown', 697252844515n, 8.717752, -8.2367741),
];
const CHANNELS = ['#rrlyr', '#ebwuma'];
const tables = (
  rows: readonly object[],
  more: Partial<typeof FINK_TABLES> = {},
): ReturnType<typeof classTables<object>> =>
  classTables(rows, { ...FINK_TABLES, channels: CHANNELS, ...more }, (each) => each);

describe('3.8 class tables', () => {
  let folder: string;
  let slack: FakeSlack;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'apf-channels-'));
    slack = new FakeSlack();
    await slack.start();
  });
  afterEach(async () => {
    await slack.stop();
    rmSync(folder, { recursive: true });
  });

  it("are posted to the channels of the file, exactly as on Fink's page, nothing for Unknown", async () => {
    const channels = join(folder, 'slack_channels.txt');
    writeFileSync(channels, '# The channels to which\n# alerts are sent\n\nrrlyr\nebwuma\r\nunknown\n');
    const client = new SlackClient({ token: 'xoxb-secret', baseUrl: slack.url });
    expect(await sendSlackAlerts(client, ROWS, { channels })).toEqual(['#rrlyr', '#ebwuma']);
    expect(slack.posts).toEqual([
      [
        '#rrlyr',
        `\`\`\`
+------------+------------+-------------+----------------------------+
|objectId    |candidate_ra|candidate_dec|cross_match_alerts_per_batch|
+------------+------------+-------------+----------------------------+
|ZTF17aabuwws|12.5901418  |-13.2635671  |RRLyr                       |
|ZTF18abosdxh|13.8237084  |-7.6134186   |RRLyr                       |
+------------+------------+-------------+----------------------------+
\`\`\``,
      ],
      [
        '#ebwuma',
        `\`\`\`
+------------+------------+-------------+----------------------------+
|objectId    |candidate_ra|candidate_dec|cross_match_alerts_per_batch|
+------------+------------+-------------+----------------------------+
|ZTF17aabuxzj|9.8194532   |-12.512629   |EB*WUMa                     |
+------------+------------+-------------+----------------------------+
\`\`\``,
      ],
    ]);
  });

  it('a file of channels that is not there is named', () => {
    expect(() => readChannels(join(folder, 'none.txt'))).toThrow(
      /^the file of Slack channels '.*none\.txt' cannot be read/,
    );
  });
});

it('20 rows are shown at most', () => {
  const many = (count: number): string => tables(Array(count).fill(ROWS[0]) as object[])[0]!.text;
  expect(many(20).split('\n')).toHaveLength(26);
  expect(many(20)).not.toContain('only showing');
  expect(many(21)).toMatch(/\+\nonly showing top 20 rows\n```$/);
  expect(many(21).split('\n')).toHaveLength(27);
});

it('a class whose channel is not listed is left out, and so is what has none', () => {
  const rows = [
    { cross_match_alerts_per_batch: 'Star' },
    { cross_match_alerts_per_batch: '42' },
    {},
    { objectId: 'x' },
  ];
  expect(tables(rows)).toEqual([]);
});

it('columns may lie in records, and hold anything', () => {
  const rows = [
    { class: 'RRLyr', candidate: { magpsf: Math.fround(17.123), id: 2n ** 60n }, flags: [1, 2], none: null },
  ];
  const columns = ['candidate.magpsf', 'candidate.id', 'flags', 'none', 'candidate.absent'];
  expect(tables(rows, { classField: 'class', columns })[0]?.text).toContain(
    '|17.123          |1152921504606846976|[1,2]|null|null            |',
  );
});

it('what an alert holds can neither end the block, nor call anybody, nor control anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (objectId) => {
      const [table] = tables([{ ...ROWS[0], objectId: `<!channel>\`\`\`${objectId}\u001b[2J` }]);
      const inside = table!.text.slice(3, -3);
      expect(inside).not.toMatch(/[`<>\r]|\p{Cc}(?<!\n)/u);
      expect(inside.split('\n')).toHaveLength(7);
    }),
  );
});

it.each([
  ['RRLyr', '#rrlyr'],
  ['EB*WUMa', '#ebwuma'],
  ['Candidate_RRLyr 2', '#candidaterrlyr'],
  ['42', undefined],
  ['', undefined],
])('the channel of %j is %s', (name, channel) => {
  expect(channelName(name)).toBe(channel);
});
