import { PIXEL_FLAGS } from './lsst-fields.js';

/**
 * The records of Rubin's alerts, schema version 7.4, the last one of the commissioning time, as {@link RecordTable}s.
 */

/** A detection in a difference image. */
export const DIA_SOURCE_7 = `
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
  float?: x_y_Cov
  boolean?: centroid_flag
  float? nJy: apFlux apFluxErr
  boolean?: apFlux_flag apFlux_flag_apertureTruncated is_negative
  float?: snr
  float? nJy: psfFlux psfFluxErr
  double? deg: psfRa
  float? deg: psfRaErr
  double? deg: psfDec
  float? deg: psfDecErr
  float?: psfFlux_psfRa_Cov psfFlux_psfDec_Cov psfRa_psfDec_Cov psfLnL psfChi2
  int?: psfNdata
  boolean?: psfFlux_flag psfFlux_flag_edge psfFlux_flag_noGoodPixels
  float? nJy: trailFlux trailFluxErr
  double? deg: trailRa
  float? deg: trailRaErr
  double? deg: trailDec
  float? deg: trailDecErr
  float? arcsec: trailLength trailLengthErr
  float? deg: trailAngle trailAngleErr
  float?: trailFlux_trailRa_Cov trailFlux_trailDec_Cov trailFlux_trailLength_Cov trailFlux_trailAngle_Cov
  float?: trailRa_trailDec_Cov trailRa_trailLength_Cov trailRa_trailAngle_Cov trailDec_trailLength_Cov
  float?: trailDec_trailAngle_Cov trailLength_trailAngle_Cov trailLnL trailChi2
  int?: trailNdata
  boolean?: trail_flag_edge
  float? nJy: dipoleMeanFlux dipoleMeanFluxErr dipoleFluxDiff dipoleFluxDiffErr
  double? deg: dipoleRa
  float? deg: dipoleRaErr
  double? deg: dipoleDec
  float? deg: dipoleDecErr
  float? arcsec: dipoleLength dipoleLengthErr
  float? deg: dipoleAngle dipoleAngleErr
  float?: dipoleMeanFlux_dipoleFluxDiff_Cov dipoleMeanFlux_dipoleRa_Cov dipoleMeanFlux_dipoleDec_Cov
  float?: dipoleMeanFlux_dipoleLength_Cov dipoleMeanFlux_dipoleAngle_Cov dipoleFluxDiff_dipoleRa_Cov
  float?: dipoleFluxDiff_dipoleDec_Cov dipoleFluxDiff_dipoleLength_Cov dipoleFluxDiff_dipoleAngle_Cov
  float?: dipoleRa_dipoleDec_Cov dipoleRa_dipoleLength_Cov dipoleRa_dipoleAngle_Cov dipoleDec_dipoleLength_Cov
  float?: dipoleDec_dipoleAngle_Cov dipoleLength_dipoleAngle_Cov dipoleLnL dipoleChi2
  int?: dipoleNdata
  boolean?: forced_PsfFlux_flag forced_PsfFlux_flag_edge forced_PsfFlux_flag_noGoodPixels
  float? nJy: snapDiffFlux snapDiffFluxErr fpBkgd fpBkgdErr
  float? arcsec^2: ixx ixxErr iyy iyyErr ixy ixyErr
  float?: ixx_iyy_Cov ixx_ixy_Cov iyy_ixy_Cov
  float? arcsec^2: ixxPSF iyyPSF ixyPSF
  boolean?: shape_flag shape_flag_no_pixels shape_flag_not_contained shape_flag_parent_source
  float?: extendedness reliability
  string?: band
  boolean?: dipoleFitAttempted ${PIXEL_FLAGS}` as const;

/** A fit at an object's place in an exposure that need not have detected it. */
export const DIA_FORCED_SOURCE_7 = `
  long: diaForcedSourceId diaObjectId
  double deg: ra dec
  long: visit
  int: detector
  float? nJy: psfFlux psfFluxErr
  double d: midpointMjdTai
  string?: band` as const;

/** The noise of an exposure that detected nothing. */
export const DIA_NONDETECTION_LIMIT_7 = `
  long: ccdVisitId
  double d: midpointMjdTai
  string: band
  float nJy: diaNoise` as const;

/** Detections at one place, taken together. */
export const DIA_OBJECT_7 = `
  long: diaObjectId
  double deg: ra
  float? deg: raErr
  double deg: dec
  float? deg: decErr
  float?: ra_dec_Cov
  double? d: radecMjdTai
  float? mas/yr: pmRa pmRaErr pmDec pmDecErr
  float? mas: parallax parallaxErr
  float?: pmRa_pmDec_Cov pmRa_parallax_Cov pmDec_parallax_Cov pmParallaxLnL pmParallaxChi2
  int?: pmParallaxNdata
  float? nJy: *_psfFluxMean *_psfFluxMeanErr *_psfFluxSigma
  float?: *_psfFluxChi2
  int?: *_psfFluxNdata
  float? nJy: *_fpFluxMean *_fpFluxMeanErr *_fpFluxSigma

  long?: nearbyObj1
  float? arcsec: nearbyObj1Dist
  float?: nearbyObj1LnP
  long?: nearbyObj2
  float? arcsec: nearbyObj2Dist
  float?: nearbyObj2LnP
  long?: nearbyObj3
  float? arcsec: nearbyObj3Dist
  float?: nearbyObj3LnP
  float? nJy: *_psfFluxErrMean` as const;

/** A known asteroid. */
export const SS_OBJECT_7 = `
  long: ssObjectId
  double? d: discoverySubmissionDate firstObservationDate
  float? d: arc
  int?: numObs
  float? au: MOID
  float? deg: MOIDTrueAnomaly MOIDEclipticLongitude
  float? km/s: MOIDDeltaV
  float? mag: *_H
  float?: *_G12
  float? mag: *_HErr
  float?: *_G12Err *_H_*_G12_Cov *_Chi2
  int?: *_Ndata

  float?: medianExtendedness` as const;
