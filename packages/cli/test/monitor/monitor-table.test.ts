import type { StreamSnapshot } from '@apf/connectors';
import { monitorTable } from '../../src/monitor/monitor-table.js';

const snapshot: StreamSnapshot = {
  at: 0,
  topics: [
    {
      topic: 'ztf_20210315_programid1',
      messages: 12_345,
      rate: 123.4,
      newest: -3_000,
      latency: 3,
      partitions: [{ partition: 0, begin: 0, end: 12_345, rate: 123.4, newest: -3_000 }],
    },
  ],
  groups: [
    {
      group: 'supernova\u001b[2J',
      state: 'STABLE',
      type: 'classic',
      members: [{ member: 'a-1', client: 'a', host: '/10.0.0.1', partitions: 1 }],
      topics: [
        {
          topic: 'ztf_20210315_programid1',
          lag: 1_000,
          rate: 99.94,
          latency: 3_725,
          partitions: [
            {
              partition: 0,
              committed: 11_345,
              lag: 1_000,
              rate: 99.94,
              committedTime: 0,
              latency: 3_725,
              client: 'a',
            },
          ],
        },
      ],
    },
  ],
  unseen: ["there is no topic 'x', or this user may not see it"],
};

describe('the table of apf monitor', () => {
  it('8: has a row for each topic and the groups below it; nothing in a name acts on the terminal', () => {
    expect(monitorTable(snapshot, { width: Infinity, partitions: false })).toEqual([
      'topic / group            state             parts  messages    lag  msg/s    latency',
      'ztf_20210315_programid1                        1    12,345           123      3.0 s',
      '  supernova\\u001b[2J     stable, 1 member      1            1,000   99.9  1 h 2 min',
      "! there is no topic 'x', or this user may not see it",
    ]);
  });

  it.each([80, 60, 40, 24])('8: fits into %i characters, with what matters most', (width) => {
    const lines = monitorTable(snapshot, { width, partitions: true }).slice(0, -1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.find((line) => line.startsWith('  s'))).toMatch(/1,000.*1 h/);
  });
});
