import { appendSnapshot } from '../../page/stream/append-snapshot.js';
import { sparkPath } from '../../page/stream/spark-path.js';
import { stateText, troublesOf } from '../../page/stream/troubles.js';
import type { GroupState, StepState, StreamHistory, StreamSnapshot } from '../../src/page-api.js';

const group = (over: Partial<GroupState> = {}): GroupState => ({
  name: 'sn-finder',
  state: 'Stable',
  members: 1,
  lag: 0,
  rate: 0,
  latency: null,
  stillSince: null,
  stalled: false,
  partitions: [],
  ...over,
});
const step: StepState = {
  name: 'sn-finder',
  where: 'localhost:8001',
  up: true,
  error: null,
  rate: 1,
  lag: 0,
  deadLetters: 0,
  retries: 0,
  latency: { p50: 0.04, p95: 0.2, p99: 1 },
};
const snapshot = (over: Partial<StreamSnapshot> = {}): StreamSnapshot => ({
  time: 20_000,
  servers: 'localhost:9092',
  error: null,
  unseen: [],
  topics: [{ name: 'ztf', partitions: [], messages: 10, rate: 2, newest: null }],
  groups: [group()],
  steps: [step],
  deadLetters: 0,
  ...over,
});
const EMPTY: StreamHistory = {
  times: [],
  topicRate: {},
  groupLag: {},
  groupRate: {},
  groupLatency: {},
  stepLatency: {},
  deadLetters: [],
};

describe('the state of a stream', () => {
  it('is told in words', () => {
    expect(stateText(snapshot())).toBe('All groups are up to date.');
    expect(stateText(snapshot({ groups: [group({ lag: 12_000 }), group({ lag: 345 })] }))).toBe(
      'All groups go on; 12\u202f345 messages wait.',
    );
    expect(stateText(snapshot({ groups: [] }))).toBe('No group reads here yet.');
  });

  it('names who stands still, since when and how much waits', () => {
    const stalled = group({ stalled: true, stillSince: 8_000, lag: 40, members: 0 });
    expect(troublesOf(snapshot({ groups: [group({ name: 'other' }), stalled] }))).toEqual([
      {
        key: 'group sn-finder',
        what: 'Group sn-finder stands still',
        detail: 'for 12.0 s, 40 messages wait, and nobody reads',
      },
    ]);
  });

  it('names a broker and a step that do not answer', () => {
    const down = snapshot({ error: 'connection refused', steps: [{ ...step, up: false, error: 'timeout' }] });
    expect(troublesOf(down).map(({ what, detail }) => `${what}: ${detail}`)).toEqual([
      'The broker cannot be asked: connection refused',
      'Step sn-finder does not answer: timeout',
    ]);
    expect(stateText(down)).toBe('2 troubles');
  });
});

describe('the history', () => {
  it('grows by each snapshot, with gaps for what was not there', () => {
    const one = appendSnapshot(EMPTY, snapshot({ time: 1 }));
    const two = appendSnapshot(
      one,
      snapshot({ time: 2, groups: [group({ name: 'new', lag: 7 })], deadLetters: 1 }),
    );
    expect(two.times).toEqual([1, 2]);
    expect(two.groupLag).toEqual({ 'sn-finder': [0, null], new: [null, 7] });
    expect(two.topicRate).toEqual({ ztf: [2, 2] });
    expect(two.stepLatency).toEqual({ 'sn-finder': [0.04, 0.04] });
    expect(two.deadLetters).toEqual([0, 1]);
  });

  it('takes no snapshot twice, and forgets the oldest', () => {
    const one = appendSnapshot(EMPTY, snapshot({ time: 1 }));
    expect(appendSnapshot(one, snapshot({ time: 1 }))).toBe(one);
    const last = [2, 3, 4].reduce((history, time) => appendSnapshot(history, snapshot({ time }), 3), one);
    expect(last.times).toEqual([2, 3, 4]);
    expect(last.groupLag['sn-finder']).toHaveLength(3);
  });
});

describe('a small graph', () => {
  it('runs from 0 to the greatest value', () => {
    expect(sparkPath([0, 5, 10], 100, 20)).toEqual({ path: 'M0 20h0L50 10L100 0', most: 10 });
  });

  it('has gaps', () => {
    expect(sparkPath([1, null, 1, 1], 90, 10).path).toBe('M0 0h0M60 0h0L90 0');
  });

  it('keeps peaks when there are more values than columns', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 555 ? 9 : 1));
    const { path, most } = sparkPath(values, 10, 9);
    expect(most).toBe(9);
    expect(path).toContain('L5.6 0');
  });

  it('of nothing is empty, and of zeros lies on the ground', () => {
    expect(sparkPath([], 100, 20)).toEqual({ path: '', most: 0 });
    expect(sparkPath([0, 0], 100, 20).path).toBe('M0 20h0L100 20');
  });
});
