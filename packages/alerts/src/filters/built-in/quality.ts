import { fieldsOf, numberIn } from '../../surveys/fields.js';
import { defineFilter, type ExpressionFilter } from '../alert-filter.js';

/** "A relatively pure sample" of ZTF (F. Masci, https://zwickytransientfacility.github.io/ztf-avro-alert/filtering.html). */
export const ztfQuality = defineFilter<unknown>({
  description: 'ZTF: rb >= 0.65, drb >= 0.65 if there, nbad = 0, fwhm <= 5, elong <= 1.2, |magdiff| <= 0.1',
  source: 'ztf-avro-alert, filtering; the same threshold for drb, which came later',
  survey: 'ztf',
  fields: [
    ...['rb', 'nbad', 'fwhm', 'elong', 'magdiff'].map((name) => `candidate.${name}`),
    'candidate.drb?',
  ],
  passes(alert) {
    const { candidate } = fieldsOf(alert);
    const of = (name: string): number => numberIn(fieldsOf(candidate), name) ?? NaN;
    const deep = of('drb');
    return (
      of('rb') >= 0.65 &&
      (Number.isNaN(deep) || deep >= 0.65) &&
      of('nbad') === 0 &&
      of('fwhm') <= 5 &&
      of('elong') <= 1.2 &&
      Math.abs(of('magdiff')) <= 0.1
    );
  },
});

/** Fink's first cut of ZTF's alerts (fink-filters, filter_quality_cuts). */
export const finkQuality: ExpressionFilter = {
  description: 'ZTF: rb >= 0.55, nbad = 0',
  source: 'Fink: fink-filters, filter_quality_cuts',
  survey: 'ztf',
  expression: 'candidate.rb >= 0.55 and candidate.nbad == 0',
};

/** Flags that a good source of LSST has none of; schemas have more and more of them. */
const BAD_FLAGS = [
  ...[
    'isDipole',
    'shape_flag',
    'forced_PsfFlux_flag',
    'forced_PsfFlux_flag_edge',
    'psfFlux_flag',
    'apFlux_flag',
  ],
  ...['centroid_flag', 'pixelFlags_interpolated', 'pixelFlags_cr', 'pixelFlags_bad'],
];

/** LSST: none of the flags that Fink takes for bad (fink-filters, rubin/blocks.py, b_good_quality), more likely real than not. */
export const lsstQuality = defineFilter<unknown>({
  description: 'LSST: reliability >= 0.5 if there, no flag of bad pixels, shape, flux or dipole',
  source: 'Fink: fink-filters, rubin/blocks.py, b_good_quality',
  survey: 'lsst',
  fields: ['reliability', ...BAD_FLAGS].map((name) => `diaSource.${name}?`),
  passes: isGoodLsst,
});

function isGoodLsst(alert: unknown): boolean {
  const source = fieldsOf(fieldsOf(alert).diaSource);
  return (numberIn(source, 'reliability') ?? 1) >= 0.5 && BAD_FLAGS.every((flag) => source[flag] !== true);
}

export { BAD_FLAGS, isGoodLsst };
