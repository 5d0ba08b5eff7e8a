import {
  ELASTICC_DIA_FORCED_SOURCE,
  ELASTICC_DIA_NONDETECTION_LIMIT,
  ELASTICC_DIA_OBJECT,
  ELASTICC_DIA_SOURCE,
} from './elasticc-fields.js';
import { recordSchema } from './record-table.js';

const NAMESPACE = 'elasticc.v0_9';
const optional = (name: string, type: unknown): object => ({ name, type: ['null', type], default: null });
const listOf = (name: string, items: unknown): object => optional(name, { type: 'array', items });

/**
 * The Avro schema of ELAsTiCC's alerts, version 0.9 (https://github.com/LSSTDESC/plasticc_alerts): the same names and
 * types, hence the same bytes.
 */
export const ELASTICC_ALERT_SCHEMA = {
  type: 'record',
  namespace: NAMESPACE,
  name: 'alert',
  fields: [
    { name: 'alertId', type: 'long', doc: 'id of the alert' },
    { name: 'diaSource', type: recordSchema(NAMESPACE, 'diaSource', ELASTICC_DIA_SOURCE) },
    listOf('prvDiaSources', `${NAMESPACE}.diaSource`),
    listOf('prvDiaForcedSources', recordSchema(NAMESPACE, 'diaForcedSource', ELASTICC_DIA_FORCED_SOURCE)),
    listOf(
      'prvDiaNondetectionLimits',
      recordSchema(NAMESPACE, 'diaNondetectionLimit', ELASTICC_DIA_NONDETECTION_LIMIT),
    ),
    optional('diaObject', recordSchema(NAMESPACE, 'diaObject', ELASTICC_DIA_OBJECT)),
    optional('cutoutDifference', 'bytes'),
    optional('cutoutTemplate', 'bytes'),
  ],
};
