import {
  ZTF_CANDIDATE_FIELDS,
  ZTF_NULL_IN_UPPER_LIMIT,
  ZTF_PRV_CANDIDATE_NAMES,
} from './ztf-candidate-fields.js';

type AvroField = { name: string; type: unknown; doc?: string };

/** `float?` is the union of float and null, in ZTF's order: it decides the bytes. */
function avroType(type: string): unknown {
  return type.endsWith('?') ? [type.slice(0, -1), 'null'] : type;
}

function candidateFields(): AvroField[] {
  return ZTF_CANDIDATE_FIELDS.map(([name, type, doc]) => ({ name, type: avroType(type), doc }));
}

function prvCandidateFields(): AvroField[] {
  const nullToo = new Set<string>(ZTF_NULL_IN_UPPER_LIMIT);
  const fields = new Map(ZTF_CANDIDATE_FIELDS.map((field) => [field[0] as string, field]));
  return ZTF_PRV_CANDIDATE_NAMES.map((name) => {
    const [, type, doc] = fields.get(name)!;
    return { name, type: avroType(nullToo.has(name) ? `${type}?` : type), doc };
  });
}

/**
 * The Avro schema of ZTF's alerts, version 3.3 (https://github.com/ZwickyTransientFacility/ztf-avro-alert): the same
 * names and types, hence the same bytes. ZTF's null defaults are left out, because they break the Avro specification
 * (a default must fit the first branch of its union) and change no byte.
 */
export const ZTF_ALERT_SCHEMA = {
  type: 'record',
  namespace: 'ztf',
  name: 'alert',
  version: '3.3',
  fields: [
    { name: 'schemavsn', type: 'string', doc: 'version of this schema' },
    { name: 'publisher', type: 'string', doc: 'who sent the alert' },
    { name: 'objectId', type: 'string', doc: 'id of the object: all candidates at one position' },
    { name: 'candid', type: 'long', doc: 'id of the candidate, hence of the alert' },
    {
      name: 'candidate',
      type: { type: 'record', namespace: 'ztf.alert', name: 'candidate', fields: candidateFields() },
    },
    {
      name: 'prv_candidates',
      type: [
        {
          type: 'array',
          items: {
            type: 'record',
            namespace: 'ztf.alert',
            name: 'prv_candidate',
            fields: prvCandidateFields(),
          },
        },
        'null',
      ],
      doc: 'detections and upper limits of the 30 days before',
    },
    {
      name: 'cutoutScience',
      type: [
        {
          type: 'record',
          namespace: 'ztf.alert',
          name: 'cutout',
          fields: [
            { name: 'fileName', type: 'string' },
            { name: 'stampData', type: 'bytes', doc: 'FITS image of 63 x 63 pixels, gzip' },
          ],
        },
        'null',
      ],
    },
    { name: 'cutoutTemplate', type: ['ztf.alert.cutout', 'null'] },
    { name: 'cutoutDifference', type: ['ztf.alert.cutout', 'null'] },
  ],
};
