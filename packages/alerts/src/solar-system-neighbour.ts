import { fieldsOf, numberIn, textIn } from './surveys/fields.js';

export interface SolarSystemNeighbour {
  /** From the alert [arcsec]. */
  readonly distance: number;
  /** Null: ZTF does not name it. */
  readonly name: string | null;
}

/**
 * The known body of the solar system that ZTF says is within some arcsec of its alert (5 unless told otherwise, which is
 * not near any more); null where there is none. A distance of -999 or null means that ZTF knows of none; 0 is the
 * distance of one.
 */
export function solarSystemNeighbour(alert: unknown, within = 5): SolarSystemNeighbour | null {
  const candidate = fieldsOf(fieldsOf(alert).candidate);
  const distance = numberIn(candidate, 'ssdistnr');
  if (distance === null || distance < 0 || distance >= within) return null;
  return { distance, name: textIn(candidate, 'ssnamenr') };
}
