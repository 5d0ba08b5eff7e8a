export const SYNTHETIC_SURVEYS = ['ztf', 'lsst', 'elasticc'] as const;
export type SyntheticSurvey = (typeof SYNTHETIC_SURVEYS)[number];
