import { type DetectionRow, toGalactic } from '@apf/alerts';

export interface Feature {
  readonly name: string;
  /** g or r; gr for a feature of both. */
  readonly band: 'g' | 'r' | 'gr';
  /** Its name in the messages of ALeRCE's classifier. */
  readonly published: string;
  readonly value: number | null;
}

/** Some of the features of Sánchez-Sáez et al. 2021, AJ 161, 141, table 2: those that need no fit. */
export function featuresOf(detections: readonly DetectionRow[]): Feature[] {
  const g = detections.filter(({ band }) => band === 'g');
  const r = detections.filter(({ band }) => band === 'r');
  const [first] = detections;
  const galactic = first && toGalactic(first);
  const both: Readonly<Record<string, number | null>> = {
    'g-r_max': difference(least(magnitudes(g, 'mag')), least(magnitudes(r, 'mag'))),
    'g-r_max_corr': difference(least(magnitudes(g, 'mag_corr')), least(magnitudes(r, 'mag_corr'))),
    'g-r_mean': difference(mean(magnitudes(g, 'mag')), mean(magnitudes(r, 'mag'))),
    'g-r_mean_corr': difference(mean(magnitudes(g, 'mag_corr')), mean(magnitudes(r, 'mag_corr'))),
    gal_b: galactic?.b ?? null,
    gal_l: galactic?.l ?? null,
    rb: median(detections.flatMap(({ rb }) => rb ?? [])),
    sgscore1: median(detections.flatMap(({ extra_fields }) => extra_fields.sgscore1 ?? [])),
  };
  return [
    ...ofBand(g).map(([name, value]) => ({ name, band: 'g' as const, published: `${name}_1`, value })),
    ...ofBand(r).map(([name, value]) => ({ name, band: 'r' as const, published: `${name}_2`, value })),
    ...Object.entries(both).map(([name, value]) => ({ name, band: 'gr' as const, published: name, value })),
  ];
}

function ofBand(detections: readonly DetectionRow[]): [name: string, value: number | null][] {
  // Apparent magnitudes, if the object has them throughout.
  const corrected = detections.every(({ mag_corr }) => mag_corr !== null);
  const mags = magnitudes(detections, corrected ? 'mag_corr' : 'mag');
  const times = detections.map(({ mjd }) => mjd);
  const positive = detections.filter(({ isdiffpos }) => isdiffpos === 1).length;
  const average = mean(mags);
  const middle = median(mags);
  const spread = deviation(mags);
  return [
    ['n_det', detections.length],
    ['n_pos', positive],
    ['n_neg', detections.length - positive],
    ['positive_fraction', detections.length === 0 ? null : positive / detections.length],
    ['first_mag', mags[0] ?? null],
    ['mean_mag', average],
    ['min_mag', least(mags)],
    ['delta_mag_fid', mags.length === 0 ? null : Math.max(...mags) - Math.min(...mags)],
    ['delta_mjd_fid', times.length === 0 ? null : Math.max(...times) - Math.min(...times)],
    ['Mean', average],
    ['Std', spread],
    ['Meanvariance', spread === null || !average ? null : spread / average],
    ['MedianAbsDev', middle === null ? null : median(mags.map((mag) => Math.abs(mag - middle)))],
  ];
}

const magnitudes = (detections: readonly DetectionRow[], column: 'mag' | 'mag_corr'): number[] =>
  detections.flatMap((row) => row[column] ?? []);

const difference = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a - b;

const least = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.min(...values);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length === 0 ? null : (sorted[Math.floor(half)]! + sorted[Math.ceil(half) - 1]!) / 2;
}

/** Of a sample. */
function deviation(values: readonly number[]): number | null {
  const average = mean(values);
  if (average === null || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
