/**
 * The features of ALeRCE's light-curve classifier (Sánchez-Sáez et al. 2021, AJ 161, 141), in the order of its Avro schema:
 * of most there is one of ZTF's g band, `_1`, and one of r, `_2`. F is a 32-bit float, D a double; one letter alone is a
 * feature of both bands together.
 */
const FEATURES = [
  ['Amplitude', 'FF'],
  ['AndersonDarling', 'FF'],
  ['Autocor_length', 'DD'],
  ['Beyond1Std', 'FF'],
  ['Con', 'DD'],
  ['Eta_e', 'FF'],
  ['ExcessVar', 'DD'],
  ['GP_DRW_sigma', 'DD'],
  ['GP_DRW_tau', 'FF'],
  ['Gskew', 'FF'],
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => [`Harmonics_mag_${n}`, 'FF'] as const),
  ['Harmonics_mse', 'DD'],
  ...[2, 3, 4, 5, 6, 7].map((n) => [`Harmonics_phase_${n}`, 'FF'] as const),
  ['IAR_phi', 'DF'],
  ['LinearTrend', 'FD'],
  ['MHPS_PN_flag', 'DD'],
  ['MHPS_high', 'FD'],
  ['MHPS_low', 'FF'],
  ['MHPS_non_zero', 'DD'],
  ['MHPS_ratio', 'FF'],
  ['MaxSlope', 'FF'],
  ['Mean', 'FF'],
  ['Meanvariance', 'FF'],
  ['MedianAbsDev', 'FF'],
  ['MedianBRP', 'FF'],
  ['Multiband_period', 'F'],
  ['PairSlopeTrend', 'FF'],
  ['PercentAmplitude', 'FF'],
  ['Period_band', 'FF'],
  ['delta_period', 'FF'],
  ['Period_fit', 'F'],
  ...['1/2', '1/3', '1/4', '2', '3', '4'].map((ratio) => [`Power_rate_${ratio}`, 'F'] as const),
  ['Psi_CS', 'FF'],
  ['Psi_eta', 'FF'],
  ['Pvar', 'FF'],
  ['Q31', 'FF'],
  ['Rcs', 'FF'],
  ['SF_ML_amplitude', 'FF'],
  ['SF_ML_gamma', 'FF'],
  ['SPM_A', 'FF'],
  ['SPM_beta', 'FF'],
  ['SPM_chi', 'FF'],
  ['SPM_gamma', 'FF'],
  ['SPM_t0', 'FF'],
  ['SPM_tau_fall', 'FF'],
  ['SPM_tau_rise', 'FF'],
  ['Skew', 'FF'],
  ['SmallKurtosis', 'FF'],
  ['Std', 'FF'],
  ['StetsonK', 'FF'],
  ['W1-W2', 'D'],
  ['W2-W3', 'D'],
  ['delta_mag_fid', 'FF'],
  ['delta_mjd_fid', 'FF'],
  ['dmag_first_det_fid', 'DD'],
  ['dmag_non_det_fid', 'DD'],
  ['first_mag', 'FF'],
  ['g-W2', 'D'],
  ['g-W3', 'D'],
  ['g-r_max', 'F'],
  ['g-r_max_corr', 'F'],
  ['g-r_mean', 'F'],
  ['g-r_mean_corr', 'F'],
  ['gal_b', 'F'],
  ['gal_l', 'F'],
  ['iqr', 'FF'],
  ['last_diffmaglim_before_fid', 'DD'],
  ['last_mjd_before_fid', 'DD'],
  ['max_diffmaglim_after_fid', 'DD'],
  ['max_diffmaglim_before_fid', 'DD'],
  ['mean_mag', 'FF'],
  ['median_diffmaglim_after_fid', 'DD'],
  ['median_diffmaglim_before_fid', 'DD'],
  ['min_mag', 'FF'],
  ['n_det', 'DD'],
  ['n_neg', 'DD'],
  ['n_non_det_after_fid', 'DD'],
  ['n_non_det_before_fid', 'DD'],
  ['n_pos', 'DD'],
  ['positive_fraction', 'DD'],
  ['r-W2', 'D'],
  ['r-W3', 'D'],
  ['rb', 'F'],
  ['sgscore1', 'F'],
] as const;

const featureFields = FEATURES.flatMap(([name, kinds]) =>
  [...kinds].map((kind, i) => ({
    name: kinds.length === 1 ? name : `${name}_${i + 1}`,
    type: [kind === 'F' ? 'float' : 'double', 'null'],
  })),
);

/** The names of the 178 features, in the order of the schema. */
export const LC_CLASSIFIER_FEATURES: readonly string[] = featureFields.map(({ name }) => name);

/** A message of ALeRCE's `lc_classifier` topics. */
export interface LcClassification {
  oid: string;
  candid: bigint;
  /** By name; null where a feature could not be reckoned. */
  features: Record<string, number | null>;
  lc_classification: {
    /** Of each class; they add up to 1. */
    probabilities: Record<string, number>;
    /** The most probable one. */
    class: string;
    hierarchical: {
      /** Of Transient, Stochastic and Periodic. */
      top: Record<string, number>;
      /** Of each of these, the probabilities of its classes. */
      children: Record<string, Record<string, number>>;
    };
  };
}

/** The Avro schema of ALeRCE's `lc_classifier` topics: the names and types of the published one. */
export const LC_CLASSIFIER_SCHEMA = {
  type: 'record',
  name: 'probabilities_and_features',
  fields: [
    { name: 'oid', type: 'string' },
    { name: 'candid', type: 'long' },
    { name: 'features', type: { type: 'record', name: 'features_record', fields: featureFields } },
    {
      name: 'lc_classification',
      type: {
        type: 'record',
        name: 'late_record',
        fields: [
          { name: 'probabilities', type: { type: 'map', values: ['float'] } },
          { name: 'class', type: 'string' },
          {
            name: 'hierarchical',
            type: {
              type: 'map',
              values: [
                { type: 'map', values: 'float' },
                { type: 'map', values: { type: 'map', values: 'float' } },
              ],
            },
          },
        ],
      },
    },
  ],
};
