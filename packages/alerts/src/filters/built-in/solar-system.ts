import { solarSystemNeighbour } from '../../solar-system-neighbour.js';
import { fieldsOf, idIn } from '../../surveys/fields.js';
import { defineFilter } from '../alert-filter.js';

const SOLAR_SYSTEM_FIELDS = [
  ...['candidate.ssdistnr?', 'candidate.ssnamenr?'],
  ...['diaSource.ssObjectId?', 'ssSource.ssObjectId?', 'mpc_orbits.designation?'],
];

/**
 * A known body of the solar system. ZTF: one within 5 arcsec, 0 included, as Fink's exercise (fink-client-tutorial,
 * exercise 2.3.3) means it; a distance of -999 or null is none. LSST: the source has an `ssObjectId`, or the alert an orbit.
 */
function isKnownBody(alert: unknown): boolean {
  const { diaSource, ssSource, mpc_orbits: orbit } = fieldsOf(alert);
  if (diaSource === undefined) return solarSystemNeighbour(alert) !== null;
  return (
    idIn(fieldsOf(diaSource), 'ssObjectId') !== null ||
    idIn(fieldsOf(ssSource), 'ssObjectId') !== null ||
    idIn(fieldsOf(orbit), 'designation') !== null
  );
}

export const ssoKnown = defineFilter<unknown>({
  description: 'near a known body of the solar system',
  source: 'ZTF ssdistnr in [0, 5) arcsec, fink-client-tutorial exercise 3; LSST ssObjectId',
  survey: ['ztf', 'lsst'],
  fields: SOLAR_SYSTEM_FIELDS,
  passes: isKnownBody,
});

export const ssoNone = defineFilter<unknown>({
  description: 'not near any known body of the solar system',
  source: 'ZTF ssdistnr not in [0, 5) arcsec, fink-client-tutorial exercise 3; LSST ssObjectId',
  survey: ['ztf', 'lsst'],
  fields: SOLAR_SYSTEM_FIELDS,
  passes: (alert) => !isKnownBody(alert),
});

export { isKnownBody, SOLAR_SYSTEM_FIELDS };
