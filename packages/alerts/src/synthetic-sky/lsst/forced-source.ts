import type { Lsst7DiaForcedSource, LsstDiaForcedSource } from '../../lsst-alert.js';
import type { Detection, Measurement } from '../photometry.js';
import type { SurveyTraits } from '../survey-traits.js';
import { midpoint, processed } from './exposure-times.js';
import { NANOJANSKY, referenceFlux } from './fluxes.js';
import { diaObjectId, sourceId, visitId } from './names.js';

/** An exposure's flux at an object's place, schema version 10.0; that of a detection too, since it is the same fit. */
export function forcedSourceOf(
  traits: SurveyTraits,
  detection: Detection,
  measurement: Measurement,
): LsstDiaForcedSource {
  const forced = forcedSource7Of(traits, detection, measurement);
  const science = measurement.flux + referenceFlux(traits, detection.object, measurement);
  return {
    diaForcedSourceId: forced.diaForcedSourceId,
    diaObjectId: forced.diaObjectId,
    ra: forced.ra,
    dec: forced.dec,
    visit: forced.visit,
    detector: forced.detector,
    psfFlux: forced.psfFlux,
    psfFluxErr: forced.psfFluxErr,
    midpointMjdTai: forced.midpointMjdTai,
    scienceFlux: Math.fround(science * NANOJANSKY),
    scienceFluxErr: forced.psfFluxErr,
    band: forced.band,
    timeProcessedMjdTai: processed(traits, measurement.exposure),
    timeWithdrawnMjdTai: null,
  };
}

/** The same, schema version 7.4. */
export function forcedSource7Of(
  traits: SurveyTraits,
  detection: Detection,
  { exposure, flux, sigma }: Measurement,
): Lsst7DiaForcedSource {
  const { object, place } = detection;
  return {
    diaForcedSourceId: sourceId(exposure, place.detector, object),
    diaObjectId: diaObjectId(detection),
    ra: object.ra,
    dec: object.dec,
    visit: visitId(exposure),
    detector: place.detector,
    psfFlux: Math.fround(flux * NANOJANSKY),
    psfFluxErr: Math.fround(sigma * NANOJANSKY),
    midpointMjdTai: midpoint(traits, exposure),
    band: exposure.band,
  };
}
