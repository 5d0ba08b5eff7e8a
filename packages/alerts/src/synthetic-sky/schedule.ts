import { toEcliptic } from '../sky/ecliptic.js';
import type { Band } from './bands.js';
import { Random, mix } from './random.js';
import {
  airmass,
  altitude,
  degrees,
  hourAngle,
  nextNight,
  nightAround,
  normalise,
  radians,
  SIDEREAL_DAY,
  siderealTime,
  type Night,
} from './site.js';
import type { SurveyTraits } from './survey-traits.js';

/** One exposure of a field. */
export interface Exposure {
  /** Start, Julian date in UTC. */
  readonly jd: number;
  readonly band: Band;
  /** Counted from the first night whose alerts are sent; negative in the history before it. */
  readonly night: number;
  /** Its place in that night, which it has for itself. */
  readonly slot: number;
  /** 5 sigma limit for a point source in the difference image [mag]. */
  readonly limit: number;
  /** Width of the point spread function [arcsec]. */
  readonly fwhm: number;
  /** Loss of light by haze [mag]. */
  readonly haze: number;
  readonly seed: number;
}

export interface Field {
  readonly index: number;
  /** Its centre, J2000 [deg]. */
  readonly ra: number;
  readonly dec: number;
  /** In order of time, from the beginning of the history. */
  readonly exposures: Exposure[];
}

const CLEAR_NIGHTS = 0.8;
/** A field sets for the season after about so many nights: later ones need other fields. */
const SEASON = 90;
/** Room for other exposures beside a field's own in its first night [d]. */
const LEEWAY = 0.04;
/** Every other field is this near to the ecliptic [deg], where the asteroids are. */
const ECLIPTIC_BELT = 25;
const [FIELD, WEATHER, VISIT] = [1, 2, 3];

/**
 * When and where a survey points from the beginning of its history on. In the first night whose alerts are sent every
 * field was due, later ones get their usual share; two exposures of a field in a night, as against asteroids. A field
 * is not disturbed by those after it, so that more objects leave the others as they were.
 */
export function planSurvey(
  traits: SurveyTraits,
  seed: number,
  start: Date,
  nights: number,
  fields: number,
): Field[] {
  const first = nextNight(traits.site, start);
  const midnight = (first.start + first.end) / 2;
  const night = (index: number): Night => nightAround(traits.site, midnight + index);
  const placed = Array.from({ length: fields }, (_, index) => {
    const random = new Random(mix(seed, FIELD, index), 0);
    return placeField(traits, index, night(random.integer(0, Math.max(0, nights - SEASON))), random);
  });
  for (let index = -traits.history; index < nights; index++) {
    const weather = new Random(mix(seed, WEATHER, index), 0);
    const clear = weather.uniform() < CLEAR_NIGHTS;
    if (!clear && index !== 0) continue;
    const taken = new Set<number>();
    const seeing = traits.seeing * Math.exp(weather.normal(0, 0.15));
    const times = night(index);
    for (const field of placed) {
      const random = new Random(mix(seed, VISIT, index), field.index);
      const due = random.uniform() < traits.cadence || index === 0;
      if (due) observe(traits, field, index, times, taken, seeing, random);
    }
  }
  for (const field of placed) field.exposures.sort((a, b) => a.jd - b.jd);
  return placed;
}

/** A place that can be observed for long enough in the given night, evenly spread over the sphere. */
function placeField(traits: SurveyTraits, index: number, night: Night, random: Random): Field {
  const { site, declinations, pairGap } = traits;
  const [south, north] = declinations.map((dec) => Math.sin(radians(dec))) as [number, number];
  const middle = siderealTime(site, (night.start + night.end) / 2);
  for (;;) {
    const ra = normalise(middle + random.between(-75, 75));
    const dec = degrees(Math.asin(random.between(south, north)));
    if (index % 2 === 0 && Math.abs(toEcliptic({ ra, dec }).beta) > ECLIPTIC_BELT) continue;
    const { start, end } = window(traits, ra, dec, night);
    if (end - start > pairGap[1] + LEEWAY) return { index, ra, dec, exposures: [] };
  }
}

/** The part of a night in which a place stands high enough. */
function window(traits: SurveyTraits, ra: number, dec: number, night: Night): Night {
  const { site, lowestAltitude } = traits;
  const middle = (night.start + night.end) / 2;
  const culmination =
    middle - ((normalise(siderealTime(site, middle) - ra + 180) - 180) / 360) * SIDEREAL_DAY;
  const half = (hourAngle(site, dec, lowestAltitude) / 360) * SIDEREAL_DAY;
  return { start: Math.max(night.start, culmination - half), end: Math.min(night.end, culmination + half) };
}

/** Adds the night's two exposures of a field, in slots that are free. */
function observe(
  traits: SurveyTraits,
  field: Field,
  index: number,
  night: Night,
  taken: Set<number>,
  seeing: number,
  random: Random,
): void {
  const slot = traits.slot / 86_400;
  const { start, end } = window(traits, field.ra, field.dec, night);
  const pair = random.pick(traits.pairs);
  const gap = random.between(...traits.pairGap);
  const first = random.between(start, end - traits.pairGap[1]);
  // The last slot of the night ends with it.
  const [from, to] = [Math.ceil((start - night.start) / slot), Math.floor((end - night.start) / slot) - 1];
  for (const [i, at] of [first, first + gap].entries()) {
    const wanted = Math.floor((at - night.start) / slot);
    const seed = random.integer(0, 2 ** 32 - 1);
    const free = wanted < from ? undefined : freeSlot(wanted, to, taken);
    if (free === undefined) continue;
    taken.add(free);
    const jd = night.start + free * slot;
    field.exposures.push(exposure(traits, field, pair[i] as Band, index, free, jd, seeing, seed));
  }
}

function freeSlot(wanted: number, last: number, taken: ReadonlySet<number>): number | undefined {
  for (let slot = wanted; slot <= last; slot++) if (!taken.has(slot)) return slot;
  return undefined;
}

function exposure(
  traits: SurveyTraits,
  field: Field,
  band: Band,
  night: number,
  slot: number,
  jd: number,
  seeing: number,
  seed: number,
): Exposure {
  const random = new Random(seed, 0);
  const mass = airmass(altitude(traits.site, field.ra, field.dec, jd));
  const fwhm = seeing * Math.exp(random.normal(0, 0.07)) * mass ** 0.6;
  const haze = Math.abs(random.normal(0, 0.05));
  const limit =
    traits.limit[band] -
    2.5 * Math.log10(fwhm / traits.seeing) -
    traits.extinction[band] * (mass - 1) -
    haze +
    random.normal(0, 0.05);
  // Surveys print times with seven digits after the point.
  return { jd: Math.round(jd * 1e7) / 1e7, band, night, slot, limit, fwhm, haze, seed };
}
