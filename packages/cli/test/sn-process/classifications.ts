import type { StampClassification } from '@apf/alerts';

/** What a classifier says of an alert: the class that it is surest of, and how sure. */
const VERDICTS = [
  ['SN', 0.75],
  ['AGN', 0.9],
  ['bogus', 0.5],
  // The likeliest, but below the threshold of the example.
  ['SN', 0.4],
  ['VS', 0.8],
  ['SN', 0.5],
  ['asteroid', 0.99],
] as const;

/**
 * Classifications of `count` objects whose names begin with `name`, some of them with two alerts one after the other.
 * The second of an object says at times what the first did not.
 */
export function classifications(name: string, count: number): StampClassification[] {
  return Array.from({ length: count }, (_, i) => {
    const alerts = i % 5 === 0 ? 2 : 1;
    return Array.from({ length: alerts }, (_, again) => classification(`${name}${i}`, i, i + again));
  }).flat();
}

function classification(objectId: string, object: number, verdict: number): StampClassification {
  const [best, probability] = VERDICTS[verdict % VERDICTS.length]!;
  const rest = (1 - probability) / 4;
  const probabilities = { SN: rest, AGN: rest, VS: rest, asteroid: rest, bogus: rest, [best]: probability };
  return { objectId, candid: 2_250_123_456_715_015_001n + BigInt(object), probabilities };
}

/** The example's own rule, said another way. */
export function isSupernova({ probabilities }: StampClassification): boolean {
  const { SN, ...others } = probabilities;
  return SN >= 0.5 && Math.max(...Object.values(others)) < SN;
}
