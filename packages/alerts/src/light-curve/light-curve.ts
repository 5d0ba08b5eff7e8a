import type { FluxUnit } from '../photometry.js';
import type { SurveyName } from '../surveys/survey-of.js';
import type { ObservationTime } from '../time-scales.js';

/** One measurement of an object, the same for every survey. Null: the alert does not say it. */
export interface LightCurvePoint {
  /**
   * `detection`: a source was found. `upper limit`: the place was looked at and none was found. `forced`: the flux at
   * the object's place, whatever it is.
   */
  readonly kind: 'detection' | 'upper limit' | 'forced';
  /** Id of the measurement: candid, diaSourceId or diaForcedSourceId. */
  readonly id: string | null;
  /** The detection that the alert was sent for. */
  readonly isAlert: boolean;
  readonly time: ObservationTime;
  /** u, g, r, i, z, y. */
  readonly band: string | null;
  /** Flux in the difference image, with its sign, and its standard error, in the light curve's unit. */
  readonly flux: number | null;
  readonly fluxError: number | null;
  /** 1: brighter than the template; -1: fainter. */
  readonly sign: 1 | -1 | null;
  /** AB magnitude of the difference flux without its sign, and its standard error; for `forced` from 3 sigma on. */
  readonly magnitude: number | null;
  readonly magnitudeError: number | null;
  /** AB magnitude that a source must have had to be found, at 5 sigma. */
  readonly limit: number | null;
  /** AB magnitude of the object itself, template and difference together, and its standard error. */
  readonly apparentMagnitude: number | null;
  readonly apparentMagnitudeError: number | null;
  /** Names of the survey's quality flags that are raised. */
  readonly flags: readonly string[];
}

/** The measurements of an object that an alert, or several, tell of; earliest first. */
export interface LightCurve {
  readonly survey: SurveyName;
  readonly objectId: string | null;
  /** Unit of the fluxes: nJy for LSST and for ZTF, whose magnitudes are turned into it; FLUXCAL for ELAsTiCC. */
  readonly unit: FluxUnit;
  /** AB magnitude of a flux of 1. */
  readonly zeroPoint: number;
  readonly points: readonly LightCurvePoint[];
}
