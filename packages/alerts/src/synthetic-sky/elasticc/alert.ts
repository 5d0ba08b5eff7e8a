import type {
  ElasticcAlert,
  ElasticcDiaForcedSource,
  ElasticcDiaNondetectionLimit,
  ElasticcDiaObject,
  ElasticcDiaSource,
} from '../../elasticc-alert.js';
import { ELASTICC_ALERT_SCHEMA } from '../../elasticc-alert-schema.js';
import { ELASTICC_DIA_OBJECT } from '../../elasticc-fields.js';
import { ZERO_POINTS } from '../../photometry.js';
import { fieldRows } from '../../record-table.js';
import type { AlertForm, SurveyFormat } from '../alert-form.js';
import { BANDS, type Band } from '../bands.js';
import { historyOf, orNull } from '../lsst/alert.js';
import { midpoint } from '../lsst/exposure-times.js';
import { referenceFlux } from '../lsst/fluxes.js';
import { visitId } from '../lsst/names.js';
import type { Detection, Measurement } from '../photometry.js';
import { mix, Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import type { Exposure } from '../schedule.js';
import { normalise, radians } from '../site.js';

const makeObject = recordMaker<ElasticcDiaObject>(fieldRows(ELASTICC_DIA_OBJECT));
/** Flux of magnitude 0 in SNANA's unit. */
const FLUXCAL = 10 ** (0.4 * ZERO_POINTS.FLUXCAL);
/** An object's sources are numbered from this many times its own number on. */
const SOURCES_PER_OBJECT = 2000n;
const HOST = 61;
/** What SNANA writes where there is nothing. */
const [NO_REDSHIFT, NO_MAGNITUDE, NO_PLACE, NO_SHAPE] = [-9, 999, -999, -9999];

export const ELASTICC_FORMAT: SurveyFormat<ElasticcAlert> = {
  schemas: { '0.9': ELASTICC_ALERT_SCHEMA },
  time: ({ traits }, exposure) => midpoint(traits, exposure),
  visitId: (_, exposure) => visitId(exposure),
  sourceId: (_, detection) => sourceId(detection, detection.measurements.length - 1),
  objectId: (_, detection) => String(objectId(detection)),
  alert: elasticcAlert,
};

function objectId({ object }: Detection): bigint {
  return BigInt(object.number + 1);
}

function sourceId(detection: Detection, index: number): bigint {
  return objectId(detection) * SOURCES_PER_OBJECT + BigInt(index + 1);
}

function filterName(band: Band): string {
  return band === 'y' ? 'Y' : band;
}

/** The alert of an object's last measurement. */
function elasticcAlert(form: AlertForm, detection: Detection): ElasticcAlert {
  const { measurements } = detection;
  const last = measurements.length - 1;
  const { before, forced, limits } = historyOf(form.traits.history, measurements);
  const diaSource = diaSourceOf(form, detection, last);
  return {
    alertId: diaSource.diaSourceId,
    diaSource,
    prvDiaSources: orNull(before.map((index) => diaSourceOf(form, detection, index))),
    // All of the night's exposures are measured after it: none of the current ones is there.
    prvDiaForcedSources: orNull(
      forced
        .filter(({ exposure }) => exposure.night < measurements[last]!.exposure.night)
        .map((measurement) => forcedSourceOf(form, detection, measurement)),
    ),
    prvDiaNondetectionLimits: orNull(limits.map((measurement) => limitOf(form, detection, measurement))),
    diaObject: diaObjectOf(detection),
    cutoutDifference: null,
    cutoutTemplate: null,
  };
}

function diaSourceOf({ traits }: AlertForm, detection: Detection, index: number): ElasticcDiaSource {
  const { object, place, measurements } = detection;
  const { exposure, flux, sigma } = measurements[index]!;
  return {
    diaSourceId: sourceId(detection, index),
    ccdVisitId: ccdVisitId(exposure, place.detector),
    diaObjectId: objectId(detection),
    parentDiaSourceId: null,
    midPointTai: midpoint(traits, exposure),
    filterName: filterName(exposure.band),
    // The simulation knows the true place.
    ra: object.ra,
    decl: object.dec,
    psFlux: Math.fround(flux * FLUXCAL),
    psFluxErr: Math.fround(sigma * FLUXCAL),
    snr: Math.fround(Math.abs(flux) / sigma),
    nobs: index + 1,
  };
}

function forcedSourceOf(
  { traits }: AlertForm,
  detection: Detection,
  measurement: Measurement,
): ElasticcDiaForcedSource {
  const { exposure, flux, sigma } = measurement;
  const total = flux + referenceFlux(traits, detection.object, measurement);
  return {
    diaForcedSourceId: sourceId(detection, detection.measurements.indexOf(measurement)),
    ccdVisitId: ccdVisitId(exposure, detection.place.detector),
    diaObjectId: objectId(detection),
    midPointTai: midpoint(traits, exposure),
    filterName: filterName(exposure.band),
    psFlux: Math.fround(flux * FLUXCAL),
    psFluxErr: Math.fround(sigma * FLUXCAL),
    totFlux: Math.fround(total * FLUXCAL),
    totFluxErr: Math.fround(sigma * FLUXCAL),
  };
}

function limitOf(
  { traits }: AlertForm,
  { place }: Detection,
  { exposure, sky }: Measurement,
): ElasticcDiaNondetectionLimit {
  return {
    ccdVisitId: ccdVisitId(exposure, place.detector),
    midPointTai: midpoint(traits, exposure),
    filterName: filterName(exposure.band),
    diaNoise: Math.fround(sky * FLUXCAL),
  };
}

function ccdVisitId(exposure: Exposure, detector: number): bigint {
  return visitId(exposure) * 1000n + BigInt(detector);
}

/** The object with its host galaxy: supernovae and active galaxies have one, stars none. */
function diaObjectOf(detection: Detection): ElasticcDiaObject {
  const { object } = detection;
  const { ra, dec, reference, truth, reddening } = object;
  const random = new Random(mix(object.seed, HOST), 0);
  const hasHost = truth.redshift !== undefined || truth.kind === 'AGN';
  const redshift = truth.redshift ?? random.between(0.2, 1.5);
  const error = 0.03 * (1 + redshift);
  const photometric = Math.max(0.01, redshift + random.normal(0, error));
  const magnitudes: Record<string, number> = {};
  for (const band of BANDS) {
    const name = filterName(band);
    const magnitude = reference.magnitude[band];
    magnitudes[`hostgal_mag_${name}`] = hasHost ? magnitude : NO_MAGNITUDE;
    magnitudes[`hostgal_magerr_${name}`] = hasHost ? 0.01 + 10 ** (0.35 * (magnitude - 28)) : NO_MAGNITUDE;
    magnitudes[`hostgal2_mag_${name}`] = NO_MAGNITUDE;
    magnitudes[`hostgal2_magerr_${name}`] = NO_MAGNITUDE;
  }
  const own = {
    diaObjectId: objectId(detection),
    simVersion: 'apf synthetic sky',
    ra,
    decl: dec,
    mwebv: reddening,
    mwebv_err: 0.05 * reddening,
    z_final: hasHost ? photometric : NO_REDSHIFT,
    z_final_err: hasHost ? error : NO_REDSHIFT,
    hostgal_ellipticity: hasHost ? random.between(0, 0.6) : NO_SHAPE,
    hostgal_sqradius: hasHost ? reference.extent * 1.18 : NO_SHAPE,
    hostgal_zspec: NO_REDSHIFT,
    hostgal_zspec_err: NO_REDSHIFT,
    hostgal_zphot: hasHost ? photometric : NO_REDSHIFT,
    hostgal_zphot_err: hasHost ? error : NO_REDSHIFT,
    hostgal_ra: hasHost ? normalise(ra - reference.dx / 3600 / Math.cos(radians(dec))) : NO_PLACE,
    hostgal_dec: hasHost ? dec + reference.dy / 3600 : NO_PLACE,
    hostgal_snsep: hasHost ? Math.hypot(reference.dx, reference.dy) : NO_REDSHIFT,
  };
  const none = {
    hostgal2_ellipticity: NO_SHAPE,
    hostgal2_sqradius: NO_SHAPE,
    hostgal2_zspec: NO_REDSHIFT,
    hostgal2_zspec_err: NO_REDSHIFT,
    hostgal2_zphot: NO_REDSHIFT,
    hostgal2_zphot_err: NO_REDSHIFT,
    hostgal2_ra: NO_PLACE,
    hostgal2_dec: NO_PLACE,
    hostgal2_snsep: NO_REDSHIFT,
  };
  const quantiles: Record<string, number> = {};
  for (const [i, deviation] of QUANTILES.entries()) {
    const name = `zphot_q${String(10 * i).padStart(3, '0')}`;
    quantiles[`hostgal_${name}`] = hasHost ? Math.max(0, photometric + deviation * error) : NO_REDSHIFT;
    quantiles[`hostgal2_${name}`] = NO_REDSHIFT;
  }
  return makeObject(own, none, magnitudes, quantiles);
}

/** Those of the normal distribution at 0, 10, …, 100 percent; the outermost are cut at four sigma. */
const QUANTILES = [-4, -1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816, 4];
