import type { Sample } from './families.js';

/**
 * The counts of a histogram. prom-client's own takes a microsecond for each value, which is much beside a batch of one
 * alert; this adds three numbers.
 */
export class Buckets {
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** @param bounds upper bounds, ascending */
  constructor(private readonly bounds: readonly number[]) {
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    const at = this.bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at]!++;
  }

  samples(name: string, labels: Sample['labels']): Sample[] {
    let below = 0;
    const buckets = this.bounds.map((le, i) => {
      below += this.#counts[i]!;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: this.#count },
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: this.#count },
    ];
  }
}
