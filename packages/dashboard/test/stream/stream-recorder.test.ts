import { FakeClock, settle } from '@apf/core/testing';
import type { StreamSnapshot } from '../../src/page-api';
import { StreamRecorder } from '../../src/stream/stream-recorder';
import type { BrokerState } from '../../src/stream/stream-source';

/** A group that has committed so much of a topic that ends there. */
const state = (committed: number, end: number): BrokerState => ({
  unseen: [],
  topics: [{ name: 't', partitions: [], messages: end, rate: 1, newest: null }],
  groups: [
    {
      name: 'g',
      state: 'STABLE',
      members: 1,
      lag: end - committed,
      rate: 0,
      latency: 2,
      partitions: [{ topic: 't', partition: 0, committed, end, lag: end - committed }],
    },
  ],
});

async function recorded(
  look: () => BrokerState,
  clock = new FakeClock(),
): Promise<{ clock: FakeClock; recorder: StreamRecorder; seen: StreamSnapshot[] }> {
  const seen: StreamSnapshot[] = [];
  const recorder = new StreamRecorder({
    source: { servers: 'here:9092', look: async () => look(), close: async () => undefined },
    steps: { look: async () => [] },
    deadLetters: () => null,
    clock,
    onLook: (snapshot) => seen.push(snapshot),
  });
  recorder.start();
  await settle();
  return { clock, recorder, seen };
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) await clock.advance(100);
}

describe('a group', () => {
  it('that commits nothing while messages wait is stalled within 2 s, and no more once it goes on', async () => {
    let [committed, end] = [10, 10];
    const { clock, recorder, seen } = await recorded(() => state(committed, end));
    await pass(clock, 3_000);
    expect(recorder.now().groups[0]).toMatchObject({ lag: 0, stalled: false, stillSince: null });
    end = 30;
    await pass(clock, 1_000);
    expect(recorder.now().groups[0]).toMatchObject({ lag: 20, stalled: false });
    await pass(clock, 1_000);
    expect(recorder.now().groups[0]!.stalled).toBe(true);
    committed = 12;
    await pass(clock, 500);
    expect(recorder.now().groups[0]).toMatchObject({ lag: 18, stalled: false, stillSince: null });
    expect(seen.length).toBeGreaterThan(10);
    await recorder.close();
  });

  it('that commits seldom, as one with large batches does, is no stall until it takes much longer than it did', async () => {
    let committed = 0;
    const { clock, recorder, seen } = await recorded(() => state(committed, 1_000));
    for (let batch = 0; batch < 4; batch++) {
      await pass(clock, 5_000);
      committed += 100;
    }
    // How long it takes is known from the second batch on.
    const later = seen.filter(({ time }) => time > seen[0]!.time + 6_000);
    expect(later.length).toBeGreaterThan(20);
    expect(later.some(({ groups }) => groups[0]!.stalled)).toBe(false);
    await pass(clock, 11_000);
    expect(recorder.now().groups[0]!.stalled).toBe(true);
    await recorder.close();
  });
});

describe('a broker', () => {
  it('that does not answer leaves the last state with the reason, and a gap in the history', async () => {
    let away = false;
    const { clock, recorder } = await recorded(() => {
      if (away) throw new Error('nobody answers');
      return state(1, 2);
    });
    away = true;
    await pass(clock, 1_000);
    const { now, history } = recorder.view();
    expect(now).toMatchObject({ error: 'nobody answers', servers: 'here:9092', topics: [{ name: 't' }] });
    expect(history.groupLag['g']!.at(0)).toBe(1);
    expect(history.groupLag['g']!.at(-1)).toBeNull();
    expect(history.times).toHaveLength(history.groupLag['g']!.length);
    away = false;
    await pass(clock, 1_000);
    expect(recorder.now().error).toBeNull();
    await recorder.close();
  });
});
