import type { Lsst7DiaSource, LsstDiaSource } from '../../lsst-alert.js';
import { DIA_SOURCE, PIXEL_FLAGS } from '../../lsst-fields.js';
import { DIA_SOURCE_7 } from '../../lsst-fields-7.js';
import { fieldRows } from '../../record-table.js';
import { centroidOf } from '../centroid.js';
import { FWHM_PER_SIGMA, type Detection } from '../photometry.js';
import { mix, Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import { normalise, radians } from '../site.js';
import type { SurveyTraits } from '../survey-traits.js';
import { midpoint, processed } from './exposure-times.js';
import { NANOJANSKY, REFERENCE_ERROR, referenceFlux } from './fluxes.js';
import { diaObjectId, sourceId, ssObjectId, visitId } from './names.js';

const make = recordMaker<LsstDiaSource>(fieldRows(DIA_SOURCE));
const make7 = recordMaker<Lsst7DiaSource>(fieldRows(DIA_SOURCE_7));
const [DETECTION, DIPOLE] = [51, 52];
/** Radius of the aperture [pixel], and pixels of the point spread function's image. */
const APERTURE = 12;
const PSF_PIXELS = 41 * 41;

type Common = Pick<LsstDiaSource, keyof LsstDiaSource & keyof Lsst7DiaSource>;

const ALL_WELL: Partial<Common> = {
  ...(Object.fromEntries(PIXEL_FLAGS.split(' ').map((flag) => [flag, false])) as object),
  ...{ centroid_flag: false, apFlux_flag: false, apFlux_flag_apertureTruncated: false },
  ...{ psfFlux_flag: false, psfFlux_flag_edge: false, psfFlux_flag_noGoodPixels: false },
  ...{ forced_PsfFlux_flag: false, forced_PsfFlux_flag_edge: false },
  ...{ forced_PsfFlux_flag_noGoodPixels: false, trail_flag_edge: false, shape_flag: false },
  ...{ shape_flag_no_pixels: false, shape_flag_not_contained: false, shape_flag_parent_source: false },
};

/** The `index`th measurement of an object as a detection, schema version 10.0. */
export function diaSourceOf(traits: SurveyTraits, detection: Detection, index: number): LsstDiaSource {
  const measurement = detection.measurements[index]!;
  const { object } = detection;
  const template = referenceFlux(traits, object, measurement) * NANOJANSKY;
  const templateFluxErr = REFERENCE_ERROR * measurement.sky * NANOJANSKY;
  const own: Partial<LsstDiaSource> = {
    isNegative: measurement.flux < 0,
    scienceFlux: template + measurement.flux * NANOJANSKY,
    scienceFluxErr: measurement.sigma * NANOJANSKY,
    templateFlux: template,
    templateFluxErr,
    isDipole: object.artefact === 'dipole',
    timeProcessedMjdTai: processed(traits, measurement.exposure),
    bboxSize: 15 + (object.seed % 14),
    glint_trail: false,
  };
  return make(ALL_WELL, commonOf(traits, detection, index), own, dipoleOf(traits, detection, index));
}

/** The same, schema version 7.4. */
export function diaSource7Of(traits: SurveyTraits, detection: Detection, index: number): Lsst7DiaSource {
  const common = commonOf(traits, detection, index);
  const { ra, dec, raErr, decErr, psfFlux } = common;
  return make7(
    ALL_WELL,
    common,
    {
      is_negative: psfFlux! < 0,
      psfRa: ra,
      psfRaErr: raErr,
      psfDec: dec,
      psfDecErr: decErr,
    },
    dipoleOf(traits, detection, index),
  );
}

/** The fit of a positive and a negative source side by side, where a star was subtracted askew. */
function dipoleOf(traits: SurveyTraits, { object, measurements }: Detection, index: number): Partial<Common> {
  if (object.artefact !== 'dipole') return { dipoleFitAttempted: false };
  const { flux, sigma } = measurements[index]!;
  const random = new Random(mix(object.seed, DIPOLE, index), 0);
  return {
    dipoleMeanFlux: 1.5 * Math.abs(flux) * NANOJANSKY,
    dipoleMeanFluxErr: sigma * NANOJANSKY,
    dipoleFluxDiff: flux * NANOJANSKY,
    dipoleFluxDiffErr: 2 * sigma * NANOJANSKY,
    dipoleLength: 2 * traits.arcsecPerPixel,
    dipoleAngle: random.between(0, 360),
    dipoleChi2: PSF_PIXELS * random.between(0.8, 1.5),
    dipoleNdata: PSF_PIXELS,
    dipoleFitAttempted: true,
  };
}

function commonOf(
  traits: SurveyTraits,
  detection: Detection,
  index: number,
): Partial<Common> & { ra: number; dec: number } {
  const { object, place, measurements } = detection;
  const measurement = measurements[index]!;
  const { exposure, flux, sigma, sky } = measurement;
  const random = new Random(mix(object.seed, DETECTION, index), 0);
  const { ra, dec, east, north, error } = centroidOf(object, measurement, random);
  const { artefact, asteroid } = object;
  const [psfFlux, psfFluxErr] = [flux * NANOJANSKY, sigma * NANOJANSKY];
  const width = exposure.fwhm / FWHM_PER_SIGMA;
  const pixels = width / traits.arcsecPerPixel;
  // Noise of the sky in the aperture, which a fit weighs as 4 pi s^2 pixels.
  const apFluxErr = Math.hypot(psfFluxErr, (sky * NANOJANSKY * APERTURE) / (2 * pixels));
  const motion = asteroid ? Math.hypot(asteroid.eastwards, asteroid.upwards) : 0;
  const shape = width * width;
  const round = artefact ? random.between(0.3, 3) : random.between(0.9, 1.1);
  return {
    diaSourceId: sourceId(exposure, place.detector, object),
    visit: visitId(exposure),
    detector: place.detector,
    diaObjectId: asteroid ? null : diaObjectId(detection),
    ssObjectId: asteroid ? ssObjectId(asteroid.packed) : null,
    midpointMjdTai: midpoint(traits, exposure),
    ra,
    raErr: error / 3600 / Math.cos(radians(dec)),
    dec,
    decErr: error / 3600,
    ra_dec_Cov: 0,
    x: place.x - east / traits.arcsecPerPixel,
    xErr: error / traits.arcsecPerPixel,
    y: place.y + north / traits.arcsecPerPixel,
    yErr: error / traits.arcsecPerPixel,
    apFlux: psfFlux + random.normal(0, Math.sqrt(apFluxErr ** 2 - psfFluxErr ** 2)),
    apFluxErr,
    snr: Math.abs(psfFlux) / psfFluxErr,
    psfFlux,
    psfFluxErr,
    psfChi2:
      PSF_PIXELS * (artefact ? random.between(1.5, 6) : 1) + random.normal(0, Math.sqrt(2 * PSF_PIXELS)),
    psfNdata: PSF_PIXELS,
    trailFlux: psfFlux * random.between(0.98, 1.02),
    trailFluxErr: psfFluxErr,
    trailRa: ra,
    trailDec: dec,
    trailLength: (motion * 3600 * traits.exposure) / 86_400 + Math.abs(random.normal(0, 0.2 * error)),
    trailAngle: asteroid
      ? normalise((Math.atan2(asteroid.eastwards, asteroid.upwards) * 180) / Math.PI)
      : random.between(0, 180),
    ixx: shape * round,
    iyy: shape / round,
    ixy: shape * random.normal(0, 0.05),
    ixxPSF: shape,
    iyyPSF: shape,
    ixyPSF: 0,
    extendedness: artefact ? random.between(0.3, 1) : random.between(0, 0.2),
    reliability: artefact ? random.between(0, 0.4) : random.between(0.65, 1),
    band: exposure.band,
  };
}
