/**
 * Random numbers that a seed repeats exactly: xoshiro128** 1.1 (Blackman and Vigna 2018, https://prng.di.unimi.it).
 * Each (seed, stream) pair has a sequence of its own, so that an object does not depend on how many came before it.
 */
export class Random {
  private readonly state = new Uint32Array(4);
  private spare: number | null = null;

  constructor(seed: number, stream: number) {
    // Seeds are often small and alike: the finaliser of MurmurHash3 spreads them over all bits.
    for (let word = 0; word < 4; word++) {
      const half = word < 2 ? seed : stream;
      this.state[word] = scramble(half + scramble(word + 1));
    }
    for (let i = 0; i < 16; i++) this.bits();
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.uniform());
  }

  /** Normally distributed, by Marsaglia's polar method. */
  normal(mean = 0, sigma = 1): number {
    if (this.spare !== null) {
      const value = mean + sigma * this.spare;
      this.spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        this.spare = v * factor;
        return mean + sigma * u * factor;
      }
    }
  }

  /** The key of `weights`, with a probability in proportion to its weight. */
  pick<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const keys = Object.keys(weights) as Key[];
    let rest = this.uniform() * keys.reduce((sum, key) => sum + weights[key], 0);
    for (const key of keys) {
      rest -= weights[key];
      if (rest < 0) return key;
    }
    return keys[keys.length - 1]!;
  }

  private bits(): number {
    const s = this.state;
    const result = Math.imul(rotate(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11);
    return result;
  }
}

/** A seed made of a seed and some whole numbers, each of which changes it throughout. */
export function mix(seed: number, ...parts: readonly number[]): number {
  return parts.reduce(
    (hash, part) => scramble(Math.imul(hash, 31) + scramble(part + 0x9e3779b9)),
    scramble(seed),
  );
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function scramble(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
