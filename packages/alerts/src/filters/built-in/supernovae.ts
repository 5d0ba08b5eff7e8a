import { fieldsOf, numberIn } from '../../surveys/fields.js';
import { defineFilter, type ExpressionFilter } from '../alert-filter.js';
import { BAD_FLAGS, isGoodLsst } from './quality.js';
import { isKnownBody, SOLAR_SYSTEM_FIELDS } from './solar-system.js';

/** Fink's SN Ia-like alerts (fink-filters 0.1.6, filter_snlike). It needs Fink's score, and the cross-match. */
export const snialike: ExpressionFilter = {
  description: 'SN Ia-like: rfscore > 0, unknown to SIMBAD, no star of Gaia or PS1 within 5 arcsec',
  source: 'Fink: fink-filters 0.1.6, filter_snlike',
  survey: 'ztf',
  expression: "rfscore > 0 and cdsxmatch == 'Unknown' and candidate.neargaia > 5 and candidate.distpsnr1 > 5",
};

/** SIMBAD's types that a supernova may be found at, in Fink's spelling. */
const HOSTS = [
  ...[
    'Unknown',
    'Candidate_SN*',
    'SN',
    'Transient',
    'Fail',
    'galaxy',
    'Galaxy',
    'EmG',
    'Seyfert',
    'Seyfert_1',
  ],
  ...[
    'Seyfert_2',
    'BlueCompG',
    'StarburstG',
    'LSB_G',
    'HII_G',
    'High_z_G',
    'GinPair',
    'GinGroup',
    'BClG',
    'GinCl',
  ],
  ...['PartofG'],
];

/** Fink's supernova candidates (fink-filters, filter_sn_candidates, 2022). It needs Fink's scores, and the cross-match. */
export const snCandidates: ExpressionFilter = {
  description: 'supernova candidates by SuperNNova, at a galaxy or unknown to SIMBAD, up to 90 days old',
  source: 'Fink: fink-filters, filter_sn_candidates (2022)',
  survey: 'ztf',
  expression:
    '(snn_snia_vs_nonia > 0.5 or snn_sn_vs_all > 0.5) and ' +
    `cdsxmatch in (${HOSTS.map((type) => `'${type}'`).join(', ')}) and age <= 90 and ` +
    'candidate.drb > 0.5 and candidate.classtar > 0.4 and ndet > 1 and roid != 3',
};

/** What is left of that where a stream has neither scores nor a cross-match, as the surveys' own do. */
export const snLike = defineFilter<unknown, 'age' | 'ndet' | 'positive'>({
  description:
    'brighter than in the template, seen before, up to 90 days old, of good quality, no known body',
  source:
    "Fink's sn_candidates without its classifiers and cross-match; LSST: b_good_quality in place of drb",
  survey: ['ztf', 'lsst'],
  fields: [
    ...['candidate.drb?', 'candidate.rb?', 'candidate.classtar?', 'diaSource.reliability?'],
    ...BAD_FLAGS.map((flag) => `diaSource.${flag}?`),
    ...SOLAR_SYSTEM_FIELDS,
  ],
  derived: ['age', 'ndet', 'positive'],
  passes: (alert, { age, ndet, positive }) =>
    positive && age <= 90 && ndet > 1 && !isKnownBody(alert) && isReal(alert),
});

function isReal(alert: unknown): boolean {
  const { candidate, diaSource } = fieldsOf(alert);
  if (diaSource !== undefined) return isGoodLsst(alert);
  const fields = fieldsOf(candidate);
  return (numberIn(fields, 'drb', 'rb') ?? 0) > 0.5 && (numberIn(fields, 'classtar') ?? 0) > 0.4;
}
