import type { AlertFilter, ExpressionFilter, FilterDefinition } from '../alert-filter.js';
import { bright, template } from './bright.js';
import { finkQuality, lsstQuality, ztfQuality } from './quality.js';
import { ssoKnown, ssoNone } from './solar-system.js';
import { snCandidates, snialike, snLike } from './supernovae.js';

/** Alerts that the cross-match found at an RR Lyrae of SIMBAD (fink-filters, filter_rrlyr), in its old and its new spelling. */
const rrlyr: ExpressionFilter = {
  description: 'RR Lyrae stars of SIMBAD',
  source: 'Fink: fink-filters, filter_rrlyr',
  expression: "cdsxmatch in ('RRLyr', 'RRLyrae')",
};

const DEFINITIONS: Readonly<Record<string, FilterDefinition>> = {
  bright,
  fink_quality: finkQuality,
  lsst_quality: lsstQuality,
  rrlyr,
  sn_candidates: snCandidates,
  sn_like: snLike,
  snialike,
  sso_known: ssoKnown,
  sso_none: ssoNone,
  ztf_quality: ztfQuality,
};

/** The filters that are there without being written. Each says where its rule comes from. */
export const BUILT_IN_FILTERS: readonly AlertFilter[] = Object.entries(DEFINITIONS).map(
  ([name, definition]) => ({
    name,
    definition,
  }),
);

/** LSST's hundred template filters, Filter001 to Filter100. */
export const TEMPLATE_FILTERS: readonly AlertFilter[] = Array.from({ length: 100 }, (_, i) => ({
  name: `Filter${String(i + 1).padStart(3, '0')}`,
  definition: template,
}));

/** Alerts within some arcsec of a position [deg]; right across RA 0/360 and at the poles. */
export function coneFilter(ra: number, dec: number, radius: number): ExpressionFilter {
  return {
    description: `within ${radius} arcsec of ${ra} ${dec}`,
    expression: `cone(${ra}, ${dec}, ${radius})`,
  };
}
