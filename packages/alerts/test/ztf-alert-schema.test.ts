import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSchema, readContainer, writeContainer } from '@apf/core';
import {
  LC_CLASSIFIER_FEATURES,
  LC_CLASSIFIER_SCHEMA,
  type LcClassification,
} from '../src/lc-classifier-schema.js';
import { STAMP_CLASSIFIER_SCHEMA } from '../src/stamp-classifier-schema.js';
import { syntheticZtf } from '../src/synthetic-ztf.js';
import { ZTF_ALERT_SCHEMA, ZTF_ALERT_SCHEMAS } from '../src/ztf-alert-schema.js';
import { describePublished, structure } from './published-schemas.js';

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

  it('carry a light-curve classification there and back, with its 178 features and both kinds of map', () => {
    const features = LC_CLASSIFIER_FEATURES.map((name, i) => [name, i % 3 === 0 ? null : i / 4] as const);
    const classification: LcClassification = {
      oid: 'ZTF20aaelulu',
      candid: 1152921504606846977n,
      features: Object.fromEntries(features),
      lc_classification: {
        probabilities: { SNIa: 0.75, RRL: 0.25 },
        class: 'SNIa',
        hierarchical: {
          top: { Transient: 0.75, Stochastic: 0, Periodic: 0.25 },
          children: { Transient: { SNIa: 1 }, Stochastic: {}, Periodic: { RRL: 1 } },
        },
      },
    };
    expect(features).toHaveLength(178);
    const bytes = writeContainer(parseSchema(LC_CLASSIFIER_SCHEMA), [classification]);
    expect(readContainer(bytes).records).toEqual([classification]);
  });

  it('say of each field what it means', () => {
    const candidate = ZTF_ALERT_SCHEMA.fields.find(({ name }) => name === 'candidate')!;
    const { fields } = candidate.type as { fields: { name: string; doc?: string }[] };
    expect(fields).toHaveLength(103);
    expect(fields.filter(({ doc }) => !doc)).toEqual([]);
  });
});

describePublished('the published schemas', (schemas) => {
  const read = (...path: string[]): string => readFileSync(join(schemas, ...path), 'utf8');

  it.each(['3.3', '4.02'] as const)('of ZTF %s have the structure of ours', (version) => {
    const parts = ['candidate', 'prv_candidate', 'cutout', ...(version === '4.02' ? ['fp_hist'] : [])];
    const names = new Map(
      parts.map((name) => [`ztf.alert.${name}`, JSON.parse(read('ztf', version, `${name}.avsc`)) as object]),
    );
    const published = structure(read('ztf', version, 'alert.avsc'), names);
    expect(structure(ZTF_ALERT_SCHEMAS[version])).toEqual(published);
  });

  it('of the light-curve classifier have the structure of ours', () => {
    expect(structure(LC_CLASSIFIER_SCHEMA)).toEqual(structure(read('alerce', 'lc_classifier.avsc')));
  });

  it('of the stamp classifier have the structure of ours', () => {
    expect(structure(STAMP_CLASSIFIER_SCHEMA)).toEqual(
      structure(read('alerce', 'stamp_classifier.ztf.avsc')),
    );
  });
});
