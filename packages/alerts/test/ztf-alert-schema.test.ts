import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSchema, readContainer, writeContainer } from '@apf/core';
import { STAMP_CLASSIFIER_SCHEMA } from '../src/stamp-classifier-schema.js';
import { syntheticZtf } from '../src/synthetic-ztf.js';
import { ZTF_ALERT_SCHEMA } from '../src/ztf-alert-schema.js';

const schemas = process.env.APF_SCHEMAS;
const describePublished = schemas ? describe : describe.skip;
if (!schemas) console.warn('APF_SCHEMAS is not set: our schemas are not compared with the published ones');

/** What decides the bytes: names and types, neither documentation nor defaults. */
function structure(schema: string | object, names?: Map<string, object>): unknown {
  const parsed = parseSchema(schema, { names });
  return JSON.parse(
    JSON.stringify(parsed.root, (key, value: unknown) =>
      ['doc', 'default'].includes(key) ? undefined : value,
    ),
  );
}

const sky = [...syntheticZtf({ seed: 4, objects: 25, now: new Date('2026-10-01T18:00:00Z') })];

describe('the schemas', () => {
  it('carry every ZTF alert of the synthetic sky there and back, unchanged', () => {
    const alerts = sky.map(({ alert }) => alert);
    const bytes = writeContainer(parseSchema(ZTF_ALERT_SCHEMA), alerts);
    expect(readContainer(bytes).records).toEqual(alerts);
  });

  it('carry every stamp classification there and back, unchanged', () => {
    const classifications = sky.map(({ classification }) => classification);
    const bytes = writeContainer(parseSchema(STAMP_CLASSIFIER_SCHEMA), classifications);
    expect(readContainer(bytes).records).toEqual(classifications);
  });

  it('say of each field what it means', () => {
    const candidate = ZTF_ALERT_SCHEMA.fields.find(({ name }) => name === 'candidate')!;
    const { fields } = candidate.type as { fields: { name: string; doc?: string }[] };
    expect(fields).toHaveLength(103);
    expect(fields.filter(({ doc }) => !doc)).toEqual([]);
  });
});

describePublished('the published schemas', () => {
  const read = (...path: string[]): string => readFileSync(join(schemas!, ...path), 'utf8');

  it('of ZTF 3.3 have the structure of ours', () => {
    const names = new Map(
      ['candidate', 'prv_candidate', 'cutout'].map((name) => [
        `ztf.alert.${name}`,
        JSON.parse(read('ztf', '3.3', `${name}.avsc`)) as object,
      ]),
    );
    expect(structure(ZTF_ALERT_SCHEMA)).toEqual(structure(read('ztf', '3.3', 'alert.avsc'), names));
  });

  it('of the stamp classifier have the structure of ours', () => {
    expect(structure(STAMP_CLASSIFIER_SCHEMA)).toEqual(
      structure(read('alerce', 'stamp_classifier.ztf.avsc')),
    );
  });
});
