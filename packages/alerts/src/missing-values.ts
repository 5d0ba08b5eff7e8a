/** ELAsTiCC's host galaxies: fields of an object without one are -9 (redshifts, separations) or 999 (magnitudes). */
const HOST_GALAXY = /^hostgal\d*_/;

/** How surveys and brokers write "none" in text. ZTF's `ssnamenr` is the text `null`. */
const NO_TEXT = new Set(['', 'null', 'None', 'nan', 'NaN']);

/**
 * Whether a value stands for none: null, undefined, NaN and the infinities; -999, as ZTF and ELAsTiCC write it in any
 * field, and -99999, as ZTF's forced photometry does; -9 and 999 in ELAsTiCC's `hostgal…` fields; the texts '', 'null', 'None', 'nan'. `name` is the field's own
 * name, without the records around it.
 */
export function isMissing(value: unknown, name: string): boolean {
  switch (typeof value) {
    case 'number':
      if (value === -999 || value === -99999 || !Number.isFinite(value)) return true;
      return (value === -9 || value === 999) && HOST_GALAXY.test(name);
    case 'string':
      return NO_TEXT.has(value);
    case 'bigint':
      return value === -999n;
    case 'undefined':
      return true;
    default:
      return value === null;
  }
}
