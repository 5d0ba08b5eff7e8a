import type { DIA_FORCED_SOURCE, DIA_OBJECT, DIA_SOURCE, MPC_ORBITS, SS_SOURCE } from './lsst-fields.js';
import type {
  DIA_FORCED_SOURCE_7,
  DIA_NONDETECTION_LIMIT_7,
  DIA_OBJECT_7,
  DIA_SOURCE_7,
  SS_OBJECT_7,
} from './lsst-fields-7.js';
import type { RecordOf } from './record-table.js';

/** Names, types and units are in `lsst-fields.ts`. */
export type LsstDiaSource = RecordOf<typeof DIA_SOURCE>;
export type LsstDiaForcedSource = RecordOf<typeof DIA_FORCED_SOURCE>;
export type LsstDiaObject = RecordOf<typeof DIA_OBJECT>;
export type LsstSsSource = RecordOf<typeof SS_SOURCE>;
export type LsstMpcOrbits = RecordOf<typeof MPC_ORBITS>;

interface LsstCutouts {
  /** FITS files of three images: pixels [nJy] with WCS, their variance, the point spread function. */
  cutoutDifference: Buffer | null;
  cutoutScience: Buffer | null;
  cutoutTemplate: Buffer | null;
}

/** An alert of the Vera C. Rubin Observatory, schema version 10.0. Either `diaObject` or `ssSource` is set. */
export interface LsstAlert extends LsstCutouts {
  diaSourceId: bigint;
  observation_reason: string | null;
  target_name: string | null;
  diaSource: LsstDiaSource;
  prvDiaSources: LsstDiaSource[] | null;
  prvDiaForcedSources: LsstDiaForcedSource[] | null;
  diaObject: LsstDiaObject | null;
  ssSource: LsstSsSource | null;
  mpc_orbits: LsstMpcOrbits | null;
}

export type Lsst7DiaSource = RecordOf<typeof DIA_SOURCE_7>;
export type Lsst7DiaForcedSource = RecordOf<typeof DIA_FORCED_SOURCE_7>;
export type Lsst7DiaNondetectionLimit = RecordOf<typeof DIA_NONDETECTION_LIMIT_7>;
export type Lsst7DiaObject = RecordOf<typeof DIA_OBJECT_7>;
export type Lsst7SsObject = RecordOf<typeof SS_OBJECT_7>;

/** An alert of the same, schema version 7.4. */
export interface Lsst7Alert extends LsstCutouts {
  alertId: bigint;
  diaSource: Lsst7DiaSource;
  prvDiaSources: Lsst7DiaSource[] | null;
  prvDiaForcedSources: Lsst7DiaForcedSource[] | null;
  prvDiaNondetectionLimits: Lsst7DiaNondetectionLimit[] | null;
  diaObject: Lsst7DiaObject | null;
  ssObject: Lsst7SsObject | null;
}
