import type { Detection } from '../photometry.js';
import type { Exposure } from '../schedule.js';
import type { SkyObject } from '../sky-object.js';
import { fromJulianDate } from '../time-scales.js';

/** Midnight UTC of 2010-01-01, day 0 of the ids. */
const DAY_ZERO = 2455197.5;
/** Rubin's days begin at noon UTC. */
const DAY_START = 0.5;
/** Bits of an id's parts (RubinDimensionPacker of obs_lsst): release, day, number in the day, detector, source. */
const [DAYS, SEQUENCES, DETECTORS, COUNTERS] = [2 ** 14, 2 ** 15, 2 ** 8, 19n];
/** Prompt processing numbers its release 1, of visits that are exposures. */
const RELEASE = 2;

/** The exposure's number in its night. */
function sequence({ slot }: Exposure): number {
  return slot + 1;
}

const visitIds = new WeakMap<Exposure, bigint>();

/** A visit's id: the date at noon UTC before it, five digits of its number. */
export function visitId(exposure: Exposure): bigint {
  let id = visitIds.get(exposure);
  if (id === undefined) {
    const date = fromJulianDate(exposure.jd - DAY_START)
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', '');
    id = BigInt(Number(date) * 100_000 + sequence(exposure));
    visitIds.set(exposure, id);
  }
  return id;
}

/** The id of what a detector found, or measured, of an object in an exposure. */
export function sourceId(exposure: Exposure, detector: number, { slot }: Pick<SkyObject, 'slot'>): bigint {
  const day = Math.floor(exposure.jd - DAY_START - DAY_ZERO);
  const image = ((RELEASE * DAYS + day) * SEQUENCES + sequence(exposure)) * DETECTORS + detector;
  return (BigInt(image) << COUNTERS) + BigInt(slot + 1);
}

/** An object has the id of its first detection. */
export function diaObjectId({ object, place, measurements }: Detection): bigint {
  const first = measurements.find(({ detected }) => detected)!;
  return sourceId(first.exposure, place.detector, object);
}

/** A solar system object's id: the seven characters of its packed designation. */
export function ssObjectId(packed: string): bigint {
  return BigInt(`0x${Buffer.from(packed, 'latin1').toString('hex')}`);
}
