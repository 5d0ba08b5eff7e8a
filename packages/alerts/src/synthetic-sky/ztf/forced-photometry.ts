import type { ZtfForcedPhotometry } from '../../ztf-alert.js';
import { ZTF_FORCED_FIELDS } from '../../ztf-forced-fields.js';
import { FWHM_PER_SIGMA, type Detection, type Measurement } from '../photometry.js';
import { Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import type { SurveyTraits } from '../survey-traits.js';
import { calibrationOf, skyLevel } from './calibration.js';
import { referenceOf } from './detection.js';
import { fieldNumber, FILTER_IDS, processingId, referenceId } from './names.js';

const makeForced = recordMaker<ZtfForcedPhotometry>(ZTF_FORCED_FIELDS);

/** An earlier exposure's flux at the object's place: that of a detection too, since it is the same fit. */
export function forcedPhotometryOf(
  traits: SurveyTraits,
  { field, object, place }: Detection,
  { exposure, flux, sigma, sky }: Measurement,
): ZtfForcedPhotometry {
  const { jd, band, limit } = exposure;
  const random = new Random(exposure.seed, 3);
  const { reference } = object;
  const calibration = calibrationOf(traits, exposure);
  const scale = 10 ** (0.4 * calibration.magzpsci);
  const seeing = exposure.fwhm / traits.arcsecPerPixel;
  const measured = {
    field: fieldNumber(field),
    rcid: place.detector,
    fid: FILTER_IDS[band]!,
    pid: processingId(place, jd),
    rfid: referenceId(field, place, band),
    sciinpseeing: seeing,
    scibckgnd: skyLevel(exposure),
    scisigpix: (sky * scale) / Math.sqrt(4 * Math.PI) / (seeing / FWHM_PER_SIGMA),
    exptime: traits.exposure,
    adpctdif1: random.between(0.04, 0.09),
    adpctdif2: random.between(0.04, 0.09),
    diffmaglim: limit,
    programid: band === 'i' ? 2 : 1,
    jd,
    forcediffimflux: flux * scale,
    forcediffimfluxunc: sigma * scale,
    procstatus: '0',
    distnr: Math.hypot(reference.dx, reference.dy),
  };
  return makeForced(measured, calibration, referenceOf(object, band));
}
