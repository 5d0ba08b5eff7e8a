import type { SurveyName } from '../surveys/survey-of.js';

export interface DerivedName {
  readonly name: string;
  readonly meaning: string;
  /** The expression that it stands for; paths that an alert's schema does not have are missing in it. */
  readonly formula: Readonly<Record<SurveyName, string>>;
}

/** LSST's names of its schema 5.0 and later, then those of 1.0 to 4.0. */
const LSST_FLUX = 'first(diaSource.psfFlux, diaSource.psFlux)';
const LSST_ERROR = 'first(diaSource.psfFluxErr, diaSource.psFluxErr)';
const LSST_TIME = 'first(diaSource.midpointMjdTai, diaSource.midPointTai)';

/**
 * Names that mean the same for every survey. Magnitudes are AB and those of the difference flux without its sign;
 * 2.5 / ln 10 = 1.0857 turns an error in magnitudes into a signal-to-noise ratio. Zero points: LSST's nJy 31.4
 * (https://www.lsst.org/scientists/keynumbers, 1 nJy = 31.4 mag AB), ELAsTiCC's 27.5 (SNANA's FLUXCAL).
 */
export const DERIVED_NAMES: readonly DerivedName[] = [
  {
    name: 'ra',
    meaning: 'right ascension of the detection [deg]',
    formula: { ztf: 'candidate.ra', lsst: 'diaSource.ra', elasticc: 'diaSource.ra' },
  },
  {
    name: 'dec',
    meaning: 'declination of the detection [deg]',
    formula: {
      ztf: 'candidate.dec',
      lsst: 'first(diaSource.dec, diaSource.decl)',
      elasticc: 'diaSource.decl',
    },
  },
  {
    name: 'mjd',
    meaning: 'time of the detection, Modified Julian Date, UTC [d]',
    formula: {
      ztf: 'candidate.jd - 2400000.5',
      lsst: `utc(${LSST_TIME})`,
      elasticc: 'utc(diaSource.midPointTai)',
    },
  },
  {
    name: 'band',
    meaning: "the filter: 'u', 'g', 'r', 'i', 'z', 'y'",
    formula: {
      ztf: 'ztf_band(candidate.fid)',
      lsst: 'first(diaSource.band, diaSource.filterName)',
      elasticc: 'lower(diaSource.filterName)',
    },
  },
  {
    name: 'mag',
    meaning: 'magnitude of the difference flux, AB [mag]',
    formula: {
      ztf: 'candidate.magpsf',
      lsst: `31.4 - 2.5 * log10(abs(${LSST_FLUX}))`,
      elasticc: '27.5 - 2.5 * log10(abs(diaSource.psFlux))',
    },
  },
  {
    name: 'flux',
    meaning: 'difference flux with its sign [nJy]',
    formula: {
      ztf: '10 ** ((31.4 - candidate.magpsf) / 2.5) * ztf_sign(candidate.isdiffpos)',
      lsst: LSST_FLUX,
      elasticc: 'diaSource.psFlux * 10 ** ((31.4 - 27.5) / 2.5)',
    },
  },
  {
    name: 'positive',
    meaning: 'whether the source is brighter than in the template',
    formula: {
      ztf: 'ztf_sign(candidate.isdiffpos) > 0',
      lsst: `${LSST_FLUX} > 0`,
      elasticc: 'diaSource.psFlux > 0',
    },
  },
  {
    name: 'snr',
    meaning: 'signal-to-noise ratio of the difference flux, without its sign',
    formula: {
      ztf: '1.0857362047581296 / candidate.sigmapsf',
      lsst: `abs(${LSST_FLUX}) / ${LSST_ERROR}`,
      elasticc: 'abs(diaSource.psFlux) / diaSource.psFluxErr',
    },
  },
  {
    name: 'age',
    meaning: 'time since the first detection that the alert tells of [d]',
    formula: {
      ztf: 'candidate.jd - candidate.jdstarthist',
      lsst:
        `${LSST_TIME} - first(diaObject.firstDiaSourceMjdTai, ` +
        'min(prvDiaSources.midpointMjdTai, prvDiaSources.midPointTai, diaSource.midpointMjdTai, diaSource.midPointTai))',
      elasticc: 'diaSource.midPointTai - min(prvDiaSources.midPointTai, diaSource.midPointTai)',
    },
  },
  {
    name: 'ndet',
    meaning: 'number of detections so far, this one included',
    formula: {
      ztf: 'candidate.ndethist',
      lsst: 'first(diaObject.nDiaSources, 1 + count(prvDiaSources.diaSourceId))',
      elasticc: '1 + count(prvDiaSources.diaSourceId)',
    },
  },
];

export function findDerivedName(name: string): DerivedName | undefined {
  return DERIVED_NAMES.find((derived) => derived.name === name);
}
