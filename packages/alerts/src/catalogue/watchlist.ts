import { defineFilter, type FunctionFilter } from '../filters/alert-filter.js';
import type { Catalogue } from './catalogue.js';

/** A filter for alerts within `radius` [arcsec] of a source on a list, whatever the survey. */
export function watchlist(catalogue: Catalogue, radius = 2): FunctionFilter<unknown, 'ra' | 'dec'> {
  return defineFilter({
    description: `within ${radius} arcsec of one of ${catalogue.size} watched positions`,
    derived: ['ra', 'dec'],
    passes: (_alert: unknown, { ra, dec }) =>
      Number.isFinite(ra) && Number.isFinite(dec) && catalogue.nearest({ ra, dec }, radius) !== undefined,
  });
}
