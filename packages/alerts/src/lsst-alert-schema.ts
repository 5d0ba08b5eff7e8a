import { DIA_FORCED_SOURCE, DIA_OBJECT, DIA_SOURCE, MPC_ORBITS, SS_SOURCE } from './lsst-fields.js';
import {
  DIA_FORCED_SOURCE_7,
  DIA_NONDETECTION_LIMIT_7,
  DIA_OBJECT_7,
  DIA_SOURCE_7,
  SS_OBJECT_7,
} from './lsst-fields-7.js';
import { recordSchema } from './record-table.js';

const optional = (name: string, type: unknown, doc?: string): object => ({
  name,
  type: ['null', type],
  default: null,
  ...(doc ? { doc } : {}),
});
const list = (items: unknown): object => ({ type: 'array', items });
const cutout = (name: string): object =>
  optional(name, 'bytes', 'FITS: image [nJy] with WCS, its variance, the point spread function');

function alertSchema(namespace: string, fields: object[]): object {
  const cutouts = ['cutoutDifference', 'cutoutScience', 'cutoutTemplate'].map(cutout);
  return { type: 'record', namespace, name: 'alert', fields: [...fields, ...cutouts] };
}

const V7 = 'lsst.v7_4';
const V10 = 'lsst.v10_0';

/**
 * The Avro schemas of Rubin's alerts by version (https://github.com/lsst/alert_packet): the same names and types, hence
 * the same bytes. As in Rubin's registry, the schema's id is 100 times the major version plus the minor one.
 */
export const LSST_ALERT_SCHEMAS = {
  '10.0': alertSchema(V10, [
    { name: 'diaSourceId', type: 'long' },
    optional('observation_reason', 'string', "the scheduler's reason for the visit"),
    optional('target_name', 'string', 'what the visit pointed at'),
    { name: 'diaSource', type: recordSchema(V10, 'diaSource', DIA_SOURCE) },
    optional('prvDiaSources', list(`${V10}.diaSource`), 'detections of the 12 months before'),
    optional('prvDiaForcedSources', list(recordSchema(V10, 'diaForcedSource', DIA_FORCED_SOURCE))),
    optional('diaObject', recordSchema(V10, 'diaObject', DIA_OBJECT)),
    optional('ssSource', recordSchema(V10, 'ssSource', SS_SOURCE)),
    optional('mpc_orbits', recordSchema(V10, 'mpc_orbits', MPC_ORBITS)),
  ]),
  '7.4': alertSchema(V7, [
    { name: 'alertId', type: 'long', doc: 'id of the detection' },
    { name: 'diaSource', type: recordSchema(V7, 'diaSource', DIA_SOURCE_7) },
    optional('prvDiaSources', list(`${V7}.diaSource`), 'detections of the 12 months before'),
    optional('prvDiaForcedSources', list(recordSchema(V7, 'diaForcedSource', DIA_FORCED_SOURCE_7))),
    optional(
      'prvDiaNondetectionLimits',
      list(recordSchema(V7, 'diaNondetectionLimit', DIA_NONDETECTION_LIMIT_7)),
    ),
    optional('diaObject', recordSchema(V7, 'diaObject', DIA_OBJECT_7)),
    optional('ssObject', recordSchema(V7, 'ssObject', SS_OBJECT_7)),
  ]),
} as const;
