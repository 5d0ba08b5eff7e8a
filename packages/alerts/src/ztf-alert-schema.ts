import {
  ZTF_CANDIDATE_FIELDS,
  ZTF_NULL_IN_UPPER_LIMIT,
  ZTF_PRV_CANDIDATE_NAMES,
} from './ztf-candidate-fields.js';
import { ZTF_FORCED_FIELDS } from './ztf-forced-fields.js';

type Row = readonly [name: string, type: string, doc: string];
type AvroField = { name: string; type: unknown; doc?: string };
type Nullable = (type: unknown) => unknown[];

/** Version 3 has null last in its unions, version 4 first: the order decides the bytes. */
const NULL_LAST: Nullable = (type) => [type, 'null'];
const NULL_FIRST: Nullable = (type) => ['null', type];

function fieldsOf(rows: readonly Row[], nullable: Nullable): AvroField[] {
  return rows.map(([name, type, doc]) => ({
    name,
    type: type.endsWith('?') ? nullable(type.slice(0, -1)) : type,
    doc,
  }));
}

function prvCandidateRows(): Row[] {
  const nullToo = new Set<string>(ZTF_NULL_IN_UPPER_LIMIT);
  const rows = new Map<string, Row>(ZTF_CANDIDATE_FIELDS.map((row) => [row[0], row]));
  return ZTF_PRV_CANDIDATE_NAMES.map((name) => {
    const [, type, doc] = rows.get(name)!;
    return [name, nullToo.has(name) ? `${type}?` : type, doc];
  });
}

function record(name: string, fields: AvroField[]): object {
  return { type: 'record', namespace: 'ztf.alert', name, fields };
}

function listOf(name: string, rows: readonly Row[], nullable: Nullable): unknown {
  return nullable({ type: 'array', items: record(name, fieldsOf(rows, nullable)) });
}

function alertSchema(version: string, nullable: Nullable, forced: AvroField[]): ZtfAlertSchema {
  const cutout = record('cutout', [
    { name: 'fileName', type: 'string' },
    { name: 'stampData', type: 'bytes', doc: 'FITS image of 63 x 63 pixels, gzip' },
  ]);
  return {
    type: 'record',
    namespace: 'ztf',
    name: 'alert',
    version,
    fields: [
      { name: 'schemavsn', type: 'string', doc: 'version of this schema' },
      { name: 'publisher', type: 'string', doc: 'who sent the alert' },
      { name: 'objectId', type: 'string', doc: 'id of the object: all candidates at one position' },
      { name: 'candid', type: 'long', doc: 'id of the candidate, hence of the alert' },
      { name: 'candidate', type: record('candidate', fieldsOf(ZTF_CANDIDATE_FIELDS, nullable)) },
      {
        name: 'prv_candidates',
        type: listOf('prv_candidate', prvCandidateRows(), nullable),
        doc: 'detections and upper limits of the 30 days before',
      },
      ...forced,
      { name: 'cutoutScience', type: nullable(cutout) },
      { name: 'cutoutTemplate', type: nullable('ztf.alert.cutout') },
      { name: 'cutoutDifference', type: nullable('ztf.alert.cutout') },
    ],
  };
}

interface ZtfAlertSchema {
  type: 'record';
  namespace: string;
  name: string;
  version: string;
  fields: AvroField[];
}

/**
 * The Avro schemas of ZTF's alerts by version (https://github.com/ZwickyTransientFacility/ztf-avro-alert): the same
 * names and types, hence the same bytes. ZTF's null defaults are left out: those of version 3 break the Avro
 * specification (a default must fit the first branch of its union), and they change no byte.
 */
export const ZTF_ALERT_SCHEMAS = {
  '4.02': alertSchema('4.02', NULL_FIRST, [
    {
      name: 'fp_hists',
      type: listOf('fp_hist', ZTF_FORCED_FIELDS, NULL_FIRST),
      doc: 'forced photometry at this position in the 30 days before',
    },
  ]),
  '3.3': alertSchema('3.3', NULL_LAST, []),
} as const;

/** That of version 3.3. */
export const ZTF_ALERT_SCHEMA = ZTF_ALERT_SCHEMAS['3.3'];
