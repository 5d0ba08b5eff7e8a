import { fieldsOf, numberIn } from '../../surveys/fields.js';
import { defineFilter, type FunctionFilter } from '../alert-filter.js';

/** 20 mag (AB) as a flux: 36,310 nJy, and in the Jy of LSST's schemas 1 to 4. */
const MAG_20_NJY = 36_310;
const MAG_20_JY = 0.00003631;

/**
 * SNR > 5 and brighter than 20 mag: the template of LSST's filters (lsst-dm/alert_stream, filters.py), for every survey.
 * LSST: `snr > 5` and `psfFlux > 36310` nJy; in its schemas 1 to 4 `diffFlux > 0.00003631` Jy. Only sources that are
 * brighter than in the template, as there.
 */
const bright = defineFilter<unknown, 'snr' | 'mag' | 'flux' | 'positive'>({
  description: 'SNR > 5, brighter than 20 mag',
  source: 'lsst-dm/alert_stream filters.py; DMTN-093',
  fields: ['diaSource.snr?', 'diaSource.diffFlux?'],
  derived: ['snr', 'mag', 'flux', 'positive'],
  passes(alert, derived) {
    const source = fieldsOf(alert).diaSource;
    if (source === undefined) return derived.snr > 5 && derived.mag < 20 && derived.positive;
    const jansky = numberIn(fieldsOf(source), 'diffFlux');
    const isBright = jansky === null ? derived.flux > MAG_20_NJY : jansky > MAG_20_JY;
    return isBright && (numberIn(fieldsOf(source), 'snr') ?? derived.snr) > 5;
  },
});

/** Alerts of a visit that pass each of LSST's filters: DMS-REQ-0343. */
const LSST_CAP = 20;

/** One of LSST's hundred template filters, Filter001 to Filter100: all the same, to be replaced by a person's own. */
const template: FunctionFilter<unknown, 'snr' | 'mag' | 'flux' | 'positive'> = {
  ...bright,
  description: `SNR > 5, brighter than 20 mag, ${LSST_CAP} a visit`,
  cap: LSST_CAP,
};

export { bright, template };
