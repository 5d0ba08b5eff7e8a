import type { SurveyName } from '../surveys/survey-of.js';
import { perBand, type PerBand } from './bands.js';
import { CERRO_PACHON, PALOMAR, type Site } from './site.js';

/** From bright to faint [mag]. */
export type Range = readonly [number, number];

/** What the kinds of a survey's objects look like to it: what it neither saturates on nor misses. */
interface Depth {
  readonly stars: Range;
  readonly agn: Range;
  readonly asteroids: Range;
  readonly artefacts: Range;
  /** Redshifts within which supernovae of a type are brighter than the limit for a while. */
  readonly redshift: { readonly Ia: number; readonly II: number; readonly Ibc: number };
}

export interface SurveyTraits {
  readonly site: Site;
  /** Centres of fields stand higher than this [deg] and within these declinations [deg]. */
  readonly lowestAltitude: number;
  readonly declinations: Range;
  /** How often a night has exposures in these two bands, in this order. */
  readonly pairs: Readonly<Record<string, number>>;
  /** Time from one exposure of a pair to the other [d]. */
  readonly pairGap: Range;
  /** Exposure, and time from the start of one to that of the next [s]. */
  readonly exposure: number;
  readonly slot: number;
  /** The chance that a field is observed in a clear night. */
  readonly cadence: number;
  /** Days of history that come with an alert. */
  readonly history: number;
  /** 5 sigma limit for a point source at the zenith in median seeing [mag]. */
  readonly limit: PerBand;
  /** Extinction by the atmosphere [mag per air mass]. */
  readonly extinction: PerBand;
  /** Magnitude of a source that gives one electron in an exposure. */
  readonly electron: PerBand;
  /** Median seeing, full width at half maximum [arcsec]. */
  readonly seeing: number;
  readonly arcsecPerPixel: number;
  /** The focal plane: so many detectors (ZTF: readout channels), each of so many pixels. */
  readonly columns: number;
  readonly rows: number;
  readonly pixels: readonly [width: number, height: number];
  readonly depth: Depth;
  /** How often each kind is drawn; supernovae are rarer in truth. */
  readonly kinds: Readonly<Record<'SN Ia' | 'SN II' | 'SN Ibc' | 'RRab' | 'RRc' | 'EB' | 'AGN', number>> & {
    readonly asteroid?: number;
    readonly bogus?: number;
  };
}

const EVERLASTING = { 'SN Ia': 5, 'SN II': 3, 'SN Ibc': 2, RRab: 12, RRc: 6, EB: 18, AGN: 22 } as const;

/**
 * ZTF: Bellm et al. 2019 (PASP 131, 018002), with DN at 6.2 electrons. Palomar's fields in pairs of g and r, some i.
 */
const ZTF: SurveyTraits = {
  site: PALOMAR,
  lowestAltitude: 30,
  declinations: [-27, 72],
  pairs: { gr: 45, rg: 45, ri: 10 },
  pairGap: [0.02, 0.042],
  exposure: 30,
  slot: 40,
  cadence: 0.45,
  history: 30,
  limit: perBand(0, 20.8, 20.6, 20, 0, 0),
  extinction: perBand(0, 0.2, 0.13, 0.08, 0, 0),
  electron: perBand(0, 28.2, 28.1, 27.6, 0, 0),
  seeing: 2,
  arcsecPerPixel: 1.01,
  columns: 8,
  rows: 8,
  pixels: [3072, 3080],
  depth: {
    stars: [14.5, 17.5],
    agn: [16, 18.5],
    asteroids: [16.5, 19.5],
    artefacts: [17, 19.5],
    redshift: { Ia: 0.09, II: 0.025, Ibc: 0.04 },
  },
  kinds: { ...EVERLASTING, asteroid: 20, bogus: 12 },
};

/** LSST: Ivezic et al. 2019 (ApJ 873, 111) and SMTN-002 for limits, extinction and throughput. */
const LSST: SurveyTraits = {
  site: CERRO_PACHON,
  lowestAltitude: 42,
  declinations: [-70, 10],
  pairs: { ug: 8, gr: 22, ri: 26, iz: 22, zy: 22 },
  pairGap: [0.018, 0.027],
  exposure: 30,
  slot: 39,
  cadence: 0.15,
  history: 365,
  limit: perBand(23.6, 24.7, 24.3, 23.9, 23.3, 22.4),
  extinction: perBand(0.5, 0.21, 0.13, 0.1, 0.07, 0.17),
  electron: perBand(30.2, 32.2, 32.05, 31.86, 31.47, 30.51),
  seeing: 0.8,
  arcsecPerPixel: 0.2,
  columns: 15,
  rows: 15,
  pixels: [4072, 4000],
  depth: {
    stars: [16.5, 20.5],
    agn: [18, 22],
    asteroids: [18, 22.5],
    artefacts: [19, 23],
    redshift: { Ia: 0.45, II: 0.12, Ibc: 0.2 },
  },
  kinds: { ...EVERLASTING, asteroid: 20, bogus: 12 },
};

/** ELAsTiCC is a simulation of LSST with neither asteroids nor artefacts. */
const ELASTICC: SurveyTraits = { ...LSST, kinds: EVERLASTING };

export const SURVEY_TRAITS: Readonly<Record<SurveyName, SurveyTraits>> = {
  ztf: ZTF,
  lsst: LSST,
  elasticc: ELASTICC,
};

/** Size of a field on the sky [deg]. */
export function fieldSize({ columns, rows, pixels, arcsecPerPixel }: SurveyTraits): [number, number] {
  const degrees = arcsecPerPixel / 3600;
  return [columns * pixels[0] * degrees, rows * pixels[1] * degrees];
}

/** Standard error of the flux of a point source too faint to add noise of its own, of a 5 sigma limit [mag]. */
export function skySigma(limit: number): number {
  return 10 ** (-0.4 * limit) / 5;
}
