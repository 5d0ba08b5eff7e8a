/**
 * The records of Rubin's alerts, schema version 10.0 (https://github.com/lsst/alert_packet), as {@link RecordTable}s.
 * Fluxes are differences (science minus template) unless their name says so. Covariances have no unit here.
 */

export const PIXEL_FLAGS = `pixelFlags pixelFlags_bad pixelFlags_cr pixelFlags_crCenter pixelFlags_edge \
pixelFlags_nodata pixelFlags_nodataCenter pixelFlags_interpolated pixelFlags_interpolatedCenter pixelFlags_offimage \
pixelFlags_saturated pixelFlags_saturatedCenter pixelFlags_suspect pixelFlags_suspectCenter pixelFlags_streak \
pixelFlags_streakCenter pixelFlags_injected pixelFlags_injectedCenter pixelFlags_injected_template \
pixelFlags_injected_templateCenter` as const;

const SHAPE_FLAGS =
  'shape_flag shape_flag_no_pixels shape_flag_not_contained shape_flag_parent_source' as const;
const PSF_FLUX_FLAGS = 'psfFlux_flag psfFlux_flag_edge psfFlux_flag_noGoodPixels' as const;
const FORCED_FLAGS = 'forced_PsfFlux_flag forced_PsfFlux_flag_edge forced_PsfFlux_flag_noGoodPixels' as const;

/** A detection in a difference image. */
export const DIA_SOURCE = `
  long: diaSourceId visit
  int: detector
  long?: diaObjectId ssObjectId parentDiaSourceId
  double d: midpointMjdTai
  double deg: ra
  float? deg: raErr
  double deg: dec
  float? deg: decErr
  float?: ra_dec_Cov
  float pixel: x
  float? pixel: xErr
  float pixel: y
  float? pixel: yErr
  boolean?: centroid_flag
  float? nJy: apFlux apFluxErr
  boolean?: apFlux_flag apFlux_flag_apertureTruncated isNegative
  float?: snr
  float? nJy: psfFlux psfFluxErr
  float?: psfLnL psfChi2
  int?: psfNdata
  boolean?: ${PSF_FLUX_FLAGS}
  float? nJy: trailFlux trailFluxErr
  double? deg: trailRa
  float? deg: trailRaErr
  double? deg: trailDec
  float? deg: trailDecErr
  float? arcsec: trailLength trailLengthErr
  float? deg: trailAngle trailAngleErr
  float?: trailChi2
  int?: trailNdata
  boolean?: trail_flag_edge
  float? nJy: dipoleMeanFlux dipoleMeanFluxErr dipoleFluxDiff dipoleFluxDiffErr
  float? arcsec: dipoleLength
  float? deg: dipoleAngle
  float?: dipoleChi2
  int?: dipoleNdata
  float? nJy: scienceFlux scienceFluxErr
  boolean?: ${FORCED_FLAGS}
  float? nJy: templateFlux templateFluxErr
  float? arcsec^2: ixx iyy ixy ixxPSF iyyPSF ixyPSF
  boolean?: ${SHAPE_FLAGS}
  float?: extendedness reliability
  string?: band
  boolean?: isDipole dipoleFitAttempted
  double d: timeProcessedMjdTai
  double? d: timeWithdrawnMjdTai
  int? pixel: bboxSize
  boolean?: ${PIXEL_FLAGS} glint_trail` as const;

/** A fit at an object's place in an exposure that need not have detected it. */
export const DIA_FORCED_SOURCE = `
  long: diaForcedSourceId diaObjectId
  double deg: ra dec
  long: visit
  int: detector
  float? nJy: psfFlux psfFluxErr
  double d: midpointMjdTai
  float? nJy: scienceFlux scienceFluxErr
  string?: band
  double d: timeProcessedMjdTai
  double? d: timeWithdrawnMjdTai` as const;

/** Detections at one place, taken together. */
export const DIA_OBJECT = `
  long: diaObjectId
  double d: validityStartMjdTai
  double deg: ra
  float? deg: raErr
  double deg: dec
  float? deg: decErr
  float?: ra_dec_Cov
  float? nJy: *_psfFluxMean *_psfFluxMeanErr *_psfFluxSigma
  int?: *_psfFluxNdata
  float? nJy: *_fpFluxMean *_fpFluxMeanErr

  float? nJy: *_scienceFluxMean *_scienceFluxMeanErr

  float? nJy: *_psfFluxMin *_psfFluxMax
  float? nJy/d: *_psfFluxMaxSlope
  float? nJy: *_psfFluxErrMean

  double? d: firstDiaSourceMjdTai lastDiaSourceMjdTai
  int: nDiaSources` as const;

/** What was expected of a known asteroid at the time of a detection; vectors have equatorial axes. */
export const SS_SOURCE = `
  long: diaSourceId ssObjectId
  string?: designation
  double deg: eclLambda eclBeta galLon galLat
  float? deg: elongation phaseAngle
  float? au: topoRange
  float? km/s: topoRangeRate
  float? au: helioRange
  float? km/s: helioRangeRate
  double? deg: ephRa ephDec
  float? mag: ephVmag
  float? deg/d: ephRate ephRateRa ephRateDec
  float? arcsec: ephOffset
  double? arcsec: ephOffsetRa ephOffsetDec
  float? arcsec: ephOffsetAlongTrack ephOffsetCrossTrack
  float? au: helio_x helio_y helio_z
  float? km/s: helio_vx helio_vy helio_vz helio_vtot
  float? au: topo_x topo_y topo_z
  float? km/s: topo_vx topo_vy topo_vz topo_vtot
  int?: diaDistanceRank` as const;

/** An asteroid's orbit as the Minor Planet Center has it; `_unc`: the standard error. */
export const MPC_ORBITS = `
  int: id
  string: designation packed_primary_provisional_designation unpacked_primary_provisional_designation
  string?: mpc_orb_jsonb
  timestamp-micros?: created_at updated_at
  int?: orbit_type_int u_param nopp
  double? d: arc_length_total arc_length_sel
  int?: nobs_total nobs_total_sel
  double? au: a q
  double?: e
  double? deg: i node argperi
  double? d: peri_time
  double? 1e-10au/d^2: yarkovsky
  double? m^2/ton: srp a1 a2 a3
  double?: dt
  double? deg: mean_anomaly
  double? d: period
  double? deg/d: mean_motion
  double? au: a_unc q_unc
  double?: e_unc
  double? deg: i_unc node_unc argperi_unc
  double? d: peri_time_unc
  double? 1e-10au/d^2: yarkovsky_unc
  double? m^2/ton: srp_unc a1_unc a2_unc a3_unc
  double?: dt_unc
  double? deg: mean_anomaly_unc
  double? d: period_unc
  double? deg/d: mean_motion_unc
  double? d: epoch_mjd
  double? mag: h
  double?: g
  double? arcsec: not_normalized_rms
  double?: normalized_rms
  double? au: earth_moid
  timestamp-micros?: fitting_datetime` as const;
