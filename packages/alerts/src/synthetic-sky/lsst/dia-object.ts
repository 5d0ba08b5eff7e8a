import type { Lsst7DiaObject, LsstDiaObject } from '../../lsst-alert.js';
import { DIA_OBJECT } from '../../lsst-fields.js';
import { DIA_OBJECT_7 } from '../../lsst-fields-7.js';
import { fieldRows } from '../../record-table.js';
import { BANDS } from '../bands.js';
import { FWHM_PER_SIGMA, type Detection, type Measurement } from '../photometry.js';
import { mix } from '../random.js';
import { recordMaker } from '../record-maker.js';
import { radians } from '../site.js';
import type { SurveyTraits } from '../survey-traits.js';
import { bandStatistics, type FluxPoint } from './band-statistics.js';
import { midpoint, processed } from './exposure-times.js';
import { NANOJANSKY, referenceFlux } from './fluxes.js';
import { diaObjectId } from './names.js';

const make = recordMaker<LsstDiaObject>(fieldRows(DIA_OBJECT));
const make7 = recordMaker<Lsst7DiaObject>(fieldRows(DIA_OBJECT_7));
const NEIGHBOUR = 53;

/** All detections of an object, schema version 10.0. */
export function diaObjectOf(traits: SurveyTraits, detection: Detection): LsstDiaObject {
  const { object, measurements } = detection;
  const { detections, forced } = pointsOf(traits, measurements);
  const science = measurements.map((measurement, i) => ({
    ...forced[i]!,
    flux: forced[i]!.flux + referenceFlux(traits, object, measurement) * NANOJANSKY,
  }));
  const fluxes: Record<string, number | null> = {};
  for (const band of BANDS) {
    const psf = bandStatistics(detections, band);
    const fit = bandStatistics(forced, band);
    const total = bandStatistics(science, band);
    fluxes[`${band}_psfFluxMean`] = psf.mean;
    fluxes[`${band}_psfFluxMeanErr`] = psf.meanError;
    fluxes[`${band}_psfFluxSigma`] = psf.sigma;
    fluxes[`${band}_psfFluxNdata`] = psf.count;
    fluxes[`${band}_fpFluxMean`] = fit.mean;
    fluxes[`${band}_fpFluxMeanErr`] = fit.meanError;
    fluxes[`${band}_scienceFluxMean`] = total.mean;
    fluxes[`${band}_scienceFluxMeanErr`] = total.meanError;
    fluxes[`${band}_psfFluxMin`] = psf.least;
    fluxes[`${band}_psfFluxMax`] = psf.most;
    fluxes[`${band}_psfFluxMaxSlope`] = psf.steepest;
    fluxes[`${band}_psfFluxErrMean`] = psf.errorMean;
  }
  return make(placeOf(detection), fluxes, {
    validityStartMjdTai: processed(traits, measurements[measurements.length - 1]!.exposure),
    firstDiaSourceMjdTai: detections[0]!.time,
    lastDiaSourceMjdTai: detections[detections.length - 1]!.time,
    nDiaSources: detections.length,
  });
}

/** The same, schema version 7.4. */
export function diaObject7Of(traits: SurveyTraits, detection: Detection): Lsst7DiaObject {
  const { object, measurements } = detection;
  const { detections, forced } = pointsOf(traits, measurements);
  const fluxes: Record<string, number | null> = {};
  for (const band of BANDS) {
    const psf = bandStatistics(detections, band);
    const fit = bandStatistics(forced, band);
    fluxes[`${band}_psfFluxMean`] = psf.mean;
    fluxes[`${band}_psfFluxMeanErr`] = psf.meanError;
    fluxes[`${band}_psfFluxSigma`] = psf.sigma;
    fluxes[`${band}_psfFluxChi2`] = psf.chi2;
    fluxes[`${band}_psfFluxNdata`] = psf.count;
    fluxes[`${band}_fpFluxMean`] = fit.mean;
    fluxes[`${band}_fpFluxMeanErr`] = fit.meanError;
    fluxes[`${band}_fpFluxSigma`] = fit.sigma;
    fluxes[`${band}_psfFluxErrMean`] = psf.errorMean;
  }
  return make7(placeOf(detection), fluxes, {
    radecMjdTai: detections[detections.length - 1]!.time,
    // An object of a catalogue of deeper images.
    nearbyObj1: BigInt(mix(object.seed, NEIGHBOUR)) << 30n,
    nearbyObj1Dist: Math.hypot(object.reference.dx, object.reference.dy),
  });
}

function pointsOf(
  traits: SurveyTraits,
  measurements: readonly Measurement[],
): { detections: FluxPoint[]; forced: FluxPoint[] } {
  const forced = measurements.map(({ exposure, flux, sigma }) => ({
    band: exposure.band,
    time: midpoint(traits, exposure),
    flux: flux * NANOJANSKY,
    error: sigma * NANOJANSKY,
  }));
  return { forced, detections: forced.filter((_, i) => measurements[i]!.detected) };
}

function placeOf(
  detection: Detection,
): Pick<LsstDiaObject, 'diaObjectId' | 'ra' | 'raErr' | 'dec' | 'decErr' | 'ra_dec_Cov'> {
  const { object, measurements } = detection;
  const { ra, dec } = object;
  // The mean of all detections' places, each weighted by its error.
  const weight = measurements
    .filter(({ detected }) => detected)
    .reduce((sum, { exposure, flux, sigma }) => sum + (flux / sigma / exposure.fwhm) ** 2, 0);
  const error = 1 / FWHM_PER_SIGMA / Math.sqrt(weight) / 3600;
  return {
    diaObjectId: diaObjectId(detection),
    ra,
    raErr: error / Math.cos(radians(dec)),
    dec,
    decErr: error,
    ra_dec_Cov: 0,
  };
}
