import type { SurveyName } from '../surveys/survey-of.js';

export type MarkShape = 'circle' | 'triangle' | 'square' | 'diamond' | 'star' | 'pentagon';

export interface BandStyle {
  readonly colour: string;
  readonly shape: MarkShape;
}

/** Fink's plots of ZTF alerts: matplotlib's first colours and circles. */
const ZTF: Readonly<Record<string, BandStyle>> = {
  g: { colour: '#1f77b4', shape: 'circle' },
  r: { colour: '#ff7f0e', shape: 'circle' },
  i: { colour: '#2ca02c', shape: 'circle' },
};

/** Rubin's colours on white (RTN-045), and its symbols, less the triangle that points down as limits do. */
const RUBIN: Readonly<Record<string, BandStyle>> = {
  u: { colour: '#1600ea', shape: 'circle' },
  g: { colour: '#31de1f', shape: 'triangle' },
  r: { colour: '#b52626', shape: 'diamond' },
  i: { colour: '#370201', shape: 'square' },
  z: { colour: '#ba52ff', shape: 'star' },
  y: { colour: '#61a2b3', shape: 'pentagon' },
};

/** Rubin's colours on black (RTN-045). ZTF's are seen on both. */
const RUBIN_ON_BLACK: Readonly<Record<string, string>> = {
  u: '#3eb7ff',
  g: '#30c39f',
  r: '#ff7e00',
  i: '#2af5ff',
  z: '#a7f9c1',
  y: '#fdc900',
};

const OTHER: BandStyle = { colour: '#6b6b6b', shape: 'circle' };
const OTHER_ON_BLACK = '#a0a0a0';

export function bandStyle(
  survey: SurveyName,
  band: string | null,
  ground: 'light' | 'dark' = 'light',
): BandStyle {
  const styles = survey === 'ztf' ? ZTF : RUBIN;
  if (band === null || !Object.hasOwn(styles, band))
    return ground === 'light' ? OTHER : { ...OTHER, colour: OTHER_ON_BLACK };
  const style = styles[band]!;
  return ground === 'light' || survey === 'ztf' ? style : { ...style, colour: RUBIN_ON_BLACK[band]! };
}

const ORDER = ['u', 'g', 'r', 'i', 'z', 'y'];

/** The bands of some points, blue ones first, unknown ones last. */
export function bandsOf(points: readonly { readonly band: string | null }[]): (string | null)[] {
  const rank = (band: string | null): number => {
    const index = ORDER.indexOf(band ?? '');
    return index < 0 ? ORDER.length : index;
  };
  return [...new Set(points.map(({ band }) => band))].sort((a, b) => rank(a) - rank(b));
}
