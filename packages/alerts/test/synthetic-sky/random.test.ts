import { Random } from '../../src/synthetic-sky/random.js';

const draw = (seed: number, stream: number, count = 5): number[] => {
  const random = new Random(seed, stream);
  return Array.from({ length: count }, () => random.uniform());
};

describe('Random', () => {
  it('repeats itself for the same seed and stream', () => {
    expect(draw(1, 2)).toEqual(draw(1, 2));
  });

  it('differs between neighbouring seeds and streams', () => {
    const firsts = [draw(0, 0), draw(0, 1), draw(1, 0), draw(1, 1), draw(2, 1), draw(1, 2)].map(([x]) => x);
    expect(new Set(firsts).size).toBe(firsts.length);
    // Correlated streams would make objects alike: the mean of the products of 10,000 pairs must be near 1/4.
    const [a, b] = [draw(7, 1, 10_000), draw(7, 2, 10_000)];
    const mean = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length;
    expect(mean).toBeCloseTo(0.25, 1.7);
  });

  it('is uniform, and normal, in mean and variance', () => {
    const random = new Random(3, 4);
    const moments = (next: () => number): [number, number] => {
      const values = Array.from({ length: 50_000 }, next);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
    };
    const [mean, variance] = moments(() => random.uniform());
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.003);
    const [normalMean, normalVariance] = moments(() => random.normal(5, 2));
    expect(Math.abs(normalMean - 5)).toBeLessThan(0.05);
    expect(Math.abs(normalVariance - 4)).toBeLessThan(0.15);
  });

  it('picks by weight, never what weighs nothing', () => {
    const random = new Random(5, 6);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < 10_000; i++) counts[random.pick({ often: 3, seldom: 1, never: 0 })]++;
    expect(counts.never).toBe(0);
    expect(counts.often / counts.seldom).toBeGreaterThan(2.7);
    expect(counts.often / counts.seldom).toBeLessThan(3.3);
  });

  it('gives whole numbers within both ends', () => {
    const random = new Random(7, 8);
    const seen = new Set(Array.from({ length: 1000 }, () => random.integer(1, 3)));
    expect([...seen].sort()).toEqual([1, 2, 3]);
  });
});
