import type {
  ELASTICC_DIA_FORCED_SOURCE,
  ELASTICC_DIA_NONDETECTION_LIMIT,
  ELASTICC_DIA_OBJECT,
  ELASTICC_DIA_SOURCE,
} from './elasticc-fields.js';
import type { RecordOf } from './record-table.js';

/** Names, types and units are in `elasticc-fields.ts`. */
export type ElasticcDiaSource = RecordOf<typeof ELASTICC_DIA_SOURCE>;
export type ElasticcDiaForcedSource = RecordOf<typeof ELASTICC_DIA_FORCED_SOURCE>;
export type ElasticcDiaNondetectionLimit = RecordOf<typeof ELASTICC_DIA_NONDETECTION_LIMIT>;
export type ElasticcDiaObject = RecordOf<typeof ELASTICC_DIA_OBJECT>;

/** An alert of ELAsTiCC, schema version 0.9: LSST as it was simulated before it began. It has no images. */
export interface ElasticcAlert {
  alertId: bigint;
  diaSource: ElasticcDiaSource;
  prvDiaSources: ElasticcDiaSource[] | null;
  prvDiaForcedSources: ElasticcDiaForcedSource[] | null;
  prvDiaNondetectionLimits: ElasticcDiaNondetectionLimit[] | null;
  diaObject: ElasticcDiaObject | null;
  cutoutDifference: Buffer | null;
  cutoutTemplate: Buffer | null;
}
