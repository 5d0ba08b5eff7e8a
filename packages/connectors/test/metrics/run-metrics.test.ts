import { type DeadLetter, newStats, PoisonError, Runner, type SourceProgress, Step } from '@apf/core';
import { FakeClock, MemorySink, MemorySource, memoryCodec, message } from '@apf/core/testing';
import { exposition } from '../../src/metrics/families.js';
import { RunMetrics } from '../../src/metrics/run-metrics.js';
import { exposed, labelNames } from './exposed.js';

interface Alert {
  readonly objectId: string;
}

class Sn extends Step<Alert, Alert> {
  execute(alert: Alert): Alert {
    if (alert.objectId === 'ZTFbad') throw new PoisonError('bad', { code: 'APF_REFUSED' });
    return alert;
  }
}

function set(progress?: () => SourceProgress): {
  metrics: RunMetrics;
  clock: FakeClock;
  run: () => Promise<void>;
} {
  const clock = new FakeClock();
  const stats = newStats();
  const metrics = new RunMetrics({ step: 'sn', stats, clock, progress });
  const sent = clock.now() - 30_000;
  const alerts = ['ZTF1', 'ZTFbad', 'ZTF3'].map((objectId, offset) =>
    message(
      { objectId },
      { offset, timestamp: sent, headers: [{ producer_timestamp: `${sent - 2_000}.5` }] },
    ),
  );
  const runner = new Runner<Alert, Alert>({
    step: new Sn(),
    source: new MemorySource(alerts),
    codec: memoryCodec<Alert>(),
    producer: new MemorySink(),
    deadLetters: new MemorySink<DeadLetter>(),
    name: 'sn',
    clock,
    stats,
    messages: 10,
    observer: metrics,
  });
  return { metrics, clock, run: async () => void (await runner.run()) };
}

describe('what Prometheus is told of a run', () => {
  it('counts what the run counts, and dead letters by their code', async () => {
    const { metrics, run } = set();
    await run();
    const samples = exposed(await exposition([metrics.families()]));
    expect(samples.get('apf_consumed_total{step="sn"}')).toBe(3);
    expect(samples.get('apf_executed_total{step="sn"}')).toBe(2);
    expect(samples.get('apf_produced_total{step="sn"}')).toBe(2);
    expect(samples.get('apf_committed_total{step="sn"}')).toBe(3);
    expect(samples.get('apf_dead_letters_total{step="sn",code="APF_REFUSED"}')).toBe(1);
  });

  it("measures phases, batches and the age of alerts by the broker's and the producer's time", async () => {
    const { metrics, run } = set();
    await run();
    const samples = exposed(await exposition([metrics.families()]));
    for (const phase of ['decode', 'execute', 'write', 'commit']) {
      expect(samples.get(`apf_phase_seconds_count{step="sn",phase="${phase}"}`)).toBe(1);
    }
    expect(samples.get('apf_batch_messages_sum{step="sn"}')).toBe(3);
    expect(samples.get('apf_batch_messages_bucket{step="sn",le="2"}')).toBe(0);
    expect(samples.get('apf_batch_messages_bucket{step="sn",le="5"}')).toBe(1);
    expect(samples.get('apf_batch_messages_bucket{step="sn",le="+Inf"}')).toBe(1);
    expect(samples.get('apf_latency_seconds_sum{step="sn",phase="broker"}')).toBe(30);
    expect(samples.get('apf_latency_seconds_sum{step="sn",phase="producer"}')).toBeCloseTo(32, 2);
  });

  it('never has the id of an object, nor any label but five', async () => {
    const partitions = [
      { topic: 'ztf_1', partition: 0, lag: 7 },
      { topic: 'ztf_1', partition: 1, lag: undefined },
    ];
    const { metrics, run } = set(() => ({ assigned: true, failures: 2, partitions }));
    await run();
    const text = await exposition([metrics.families()]);
    expect(text).not.toContain('ZTF');
    const names = labelNames(text);
    names.delete('le');
    expect([...names].sort()).toEqual(['code', 'partition', 'phase', 'step', 'topic']);
    const samples = exposed(text);
    expect(samples.get('apf_lag{step="sn",topic="ztf_1",partition="0"}')).toBe(7);
    expect(samples.has('apf_lag{step="sn",topic="ztf_1",partition="1"}')).toBe(false);
    expect(samples.get('apf_broker_failures_total{step="sn"}')).toBe(2);
  });

  it('adds up what several processes tell', async () => {
    const [one, two] = [set(), set()];
    await one.run();
    const both = exposed(await exposition([one.metrics.families(), two.metrics.families()]));
    expect(both.get('apf_consumed_total{step="sn"}')).toBe(3);
    expect(both.get('apf_batch_messages_count{step="sn"}')).toBe(1);
    expect(both.get('apf_ready{step="sn"}')).toBe(0);
    await two.run();
    const later = exposed(await exposition([one.metrics.families(), two.metrics.families()]));
    expect(later.get('apf_consumed_total{step="sn"}')).toBe(6);
    expect(later.get('apf_phase_seconds_bucket{step="sn",phase="commit",le="+Inf"}')).toBe(2);
  });

  it('is ready from when everything is open and the partitions are known until it stops', async () => {
    let assigned = false;
    const { metrics } = set(() => ({ assigned, failures: 0, partitions: [] }));
    expect(metrics.health()).toEqual({ ready: false, reason: 'it is opening its source and its outputs' });
    metrics.opened();
    expect(metrics.health().reason).toBe('it waits for the broker to assign partitions');
    assigned = true;
    expect(metrics.health()).toEqual({ ready: true });
    metrics.stopping();
    expect(metrics.health()).toEqual({ ready: false, reason: 'it is stopping' });
  });
});
