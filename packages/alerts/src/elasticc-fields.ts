/**
 * The records of ELAsTiCC's alerts, schema version 0.9 (https://github.com/LSSTDESC/plasticc_alerts), as
 * {@link RecordTable}s. Fluxes have the zero point 27.5 mag, their unit is called FLUXCAL.
 */

/** A detection in a difference image. */
export const ELASTICC_DIA_SOURCE = `
  long: diaSourceId ccdVisitId
  long?: diaObjectId parentDiaSourceId
  double d: midPointTai
  string: filterName
  double deg: ra decl
  float FLUXCAL: psFlux psFluxErr
  float: snr
  float?: nobs` as const;

/** A fit at an object's place in an exposure that need not have detected it: difference, and science image. */
export const ELASTICC_DIA_FORCED_SOURCE = `
  long: diaForcedSourceId ccdVisitId diaObjectId
  double d: midPointTai
  string: filterName
  float FLUXCAL: psFlux psFluxErr totFlux totFluxErr` as const;

/** The noise of an exposure that detected nothing. */
export const ELASTICC_DIA_NONDETECTION_LIMIT = `
  long: ccdVisitId
  double d: midPointTai
  string: filterName
  float FLUXCAL: diaNoise` as const;

/** A possible host galaxy; q000 to q100 are the quantiles of its photometric redshift, in percent. */
const host = <Name extends string>(name: Name) =>
  `float?: ${name}_ellipticity ${name}_sqradius ${name}_zspec ${name}_zspec_err ${name}_zphot ${name}_zphot_err
  float?: ${name}_zphot_q000 ${name}_zphot_q010 ${name}_zphot_q020 ${name}_zphot_q030 ${name}_zphot_q040
  float?: ${name}_zphot_q050 ${name}_zphot_q060 ${name}_zphot_q070 ${name}_zphot_q080 ${name}_zphot_q090
  float?: ${name}_zphot_q100 ${name}_zphot_p50
  float? mag: ${name}_mag_u ${name}_mag_g ${name}_mag_r ${name}_mag_i ${name}_mag_z ${name}_mag_Y
  float? deg: ${name}_ra ${name}_dec
  float? arcsec: ${name}_snsep
  float? mag: ${name}_magerr_u ${name}_magerr_g ${name}_magerr_r ${name}_magerr_i ${name}_magerr_z
  float? mag: ${name}_magerr_Y` as const;

/** What is known of an object's place. */
export const ELASTICC_DIA_OBJECT = `
  long: diaObjectId
  string?: simVersion
  double deg: ra decl
  float? mag: mwebv mwebv_err
  float?: z_final z_final_err
  ${host('hostgal')}
  ${host('hostgal2')}` as const;
