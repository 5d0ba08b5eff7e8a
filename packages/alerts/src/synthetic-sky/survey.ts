import type { Epoch } from './light-curves.js';
import { lastNight, nightAround, SIDEREAL_DAY, type Night } from './palomar.js';
import type { Random } from './random.js';

/** ZTF sends the history of this many days with an alert. */
const HISTORY_DAYS = 30;
const CLEAR_NIGHTS = 0.8;
const ZERO_POINT: Readonly<Record<number, number>> = { 1: 26.2, 2: 26.1 };
/** Between the two exposures of a field in a night [d]: half an hour to an hour. */
const PAIR_GAP = [0.02, 0.042] as const;

/** One exposure that covered an object. */
export interface Visit extends Epoch {
  /** Magnitude of a source of 1 DN. */
  readonly zeroPoint: number;
  /** 5 sigma limit in the difference image [mag]. */
  readonly limit: number;
  /** Width of the point spread function [pixel]. */
  readonly fwhm: number;
  /** Sky brightness [DN]. */
  readonly background: number;
}

/** The nights of the survey, and in which of them the sky was clear. The last one, index 0, always is. */
export interface Survey {
  readonly nights: readonly (Night & { readonly clear: boolean })[];
}

export function surveyUntil(now: Date, random: Random): Survey {
  const last = lastNight(now);
  const midnight = (last.start + last.end) / 2;
  const nights = Array.from({ length: HISTORY_DAYS + 1 }, (_, ago) => ({
    ...(ago === 0 ? last : nightAround(midnight - ago)),
    clear: random.uniform() < CLEAR_NIGHTS || ago === 0,
  }));
  return { nights };
}

/** A time in the last night that leaves room for a second exposure. */
export function timeInLastNight(survey: Survey, random: Random): number {
  const { start, end } = survey.nights[0]!;
  return random.between(start, end - PAIR_GAP[1]);
}

/**
 * The exposures of a field that was observed at `last` in the last night: every second or third clear night at about
 * the same sidereal time, once in g and once in r.
 */
export function visitsOf(survey: Survey, last: number, random: Random): Visit[] {
  const cadence = random.integer(2, 3);
  const visits: Visit[] = [];
  for (let ago = HISTORY_DAYS; ago >= 0; ago--) {
    const { start, end, clear } = survey.nights[ago]!;
    if (ago % cadence !== 0 || !clear) continue;
    const first = last - ago * SIDEREAL_DAY + (ago === 0 ? 0 : random.normal(0, 0.01));
    const second = first + random.between(...PAIR_GAP);
    const filters = random.uniform() < 0.5 ? [1, 2] : [2, 1];
    for (const [i, jd] of [first, second].entries()) {
      if (jd >= start && jd < end) visits.push(visit(jd, filters[i]!, random));
    }
  }
  return visits;
}

function visit(jd: number, fid: number, random: Random): Visit {
  return {
    // ZTF's times are whole seconds, printed with seven digits.
    jd: Math.round(jd * 1e7) / 1e7,
    fid,
    zeroPoint: ZERO_POINT[fid]! + random.normal(0, 0.05),
    limit: Math.min(21.2, Math.max(19.9, random.normal(20.5, 0.25))),
    fwhm: random.between(1.7, 3),
    background: random.between(120, 400),
  };
}
