import { parseExposition } from '../../src/stream/exposition';
import { latencyOf } from '../../src/stream/step-metrics';

describe("Prometheus's text", () => {
  it('is read line by line, labels with escapes, and what is none is passed over', () => {
    const text = [
      '# HELP apf_lag Messages',
      '# TYPE apf_lag gauge',
      'apf_lag{step="a \\"b\\" \\\\ c",topic="x,y"} 12',
      'apf_up 1 1700000000000',
      'apf_latency_seconds_bucket{le="+Inf"} +Inf',
      'no number here',
      '',
    ].join('\n');
    expect(parseExposition(text)).toEqual([
      { name: 'apf_lag', labels: { step: 'a "b" \\ c', topic: 'x,y' }, value: 12 },
      { name: 'apf_up', labels: {}, value: 1 },
      { name: 'apf_latency_seconds_bucket', labels: { le: '+Inf' }, value: Infinity },
    ]);
  });
});

describe('the latency between two scrapes', () => {
  const buckets = (counts: readonly number[]): ReturnType<typeof parseExposition> =>
    ['0.1', '1', '10', '+Inf'].map((le, i) => ({
      name: 'apf_latency_seconds_bucket',
      labels: { phase: 'broker', le },
      value: counts[i]!,
    }));

  it('is the bound below which so many alerts were', () => {
    expect(latencyOf(buckets([5, 5, 5, 5]), buckets([65, 101, 105, 105]))).toEqual({
      p50: 0.1,
      p95: 1,
      p99: 10,
    });
  });

  it('is the greatest bound for what is above all, and nothing where nothing came', () => {
    expect(latencyOf(buckets([0, 0, 0, 0]), buckets([0, 0, 0, 4]))).toEqual({ p50: 10, p95: 10, p99: 10 });
    expect(latencyOf(buckets([1, 2, 3, 4]), buckets([1, 2, 3, 4]))).toBeNull();
    expect(latencyOf([], [])).toBeNull();
  });
});
