import fc from 'fast-check';
import { avscHeader } from './avsc-container.js';

const SYNC = 16;

function changed(bytes: Buffer, position: number, change: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  change.forEach((bits, i) => (copy[position + i]! ^= bits));
  return copy;
}

const bit = fc.nat(7).map((shift) => Uint8Array.of(1 << shift));

/** What may happen to an alert on its way; some of it leaves a container that can be read. */
const mutation = (alert: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.nat(alert.length - 1).map((length) => alert.subarray(0, length)),
    // The number of records, the block's length, the length of the first text.
    fc.tuple(fc.nat(5), bit).map(([at, flip]) => changed(alert, avscHeader(alert).end + at, flip)),
    fc.tuple(fc.nat(SYNC - 1), bit).map(([at, flip]) => changed(alert, alert.length - SYNC + at, flip)),
    fc.constant(Buffer.alloc(0)),
    fc.uint8Array({ minLength: 1, maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.nat(alert.length - 65), fc.uint8Array({ minLength: 1, maxLength: 64 }))
      .map(([at, noise]) => changed(alert, at, noise)),
  );

/** The same for the same seed. */
export function mutations(alerts: readonly Buffer[], count: number, seed: number): Buffer[] {
  return fc.sample(fc.constantFrom(...alerts).chain(mutation), { numRuns: count, seed });
}

/** In an order that chance has made, the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const all = fc.shuffledSubarray([...items], { minLength: items.length });
  return fc.sample(all, { numRuns: 1, seed })[0]!;
}
