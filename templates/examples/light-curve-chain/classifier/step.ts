import { LC_CLASSIFIER_FEATURES, type LcClassification } from '@apf/alerts';
import { type AlertContext, Step } from '@apf/core';
import type { LightCurveMessage } from '../messages.js';
import { featuresOf } from './features.js';
import { classify } from './classify.js';

/** ALeRCE classifies an object by its light curve once it has so many detections in each of g and r. */
const ENOUGH = 6;
const CLASSIFIER = { classifier_name: 'example_rules', classifier_version: '1.0.0' };

/** Classifies light curves that are long enough in both bands, keeps features and classes, and publishes them. */
export default class Classifier extends Step<LightCurveMessage, LcClassification> {
  execute(
    { oid, candid, mjd, detections }: LightCurveMessage,
    { db }: AlertContext,
  ): LcClassification | undefined {
    const count = (band: string): number => detections.filter((row) => row.band === band).length;
    if (count('g') < ENOUGH || count('r') < ENOUGH) return undefined;
    const features = featuresOf(detections);
    const { probabilities, hierarchical } = classify(features);
    const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
    db.upsert(
      'feature',
      features.map(({ name, band, value }) => ({
        oid,
        name,
        band,
        value,
        version: CLASSIFIER.classifier_version,
      })),
    );
    db.upsert(
      'probability',
      ranked.map(([class_name, probability], i) => ({
        oid,
        ...CLASSIFIER,
        class_name,
        probability,
        ranking: i + 1,
        lastmjd: mjd,
      })),
    );
    const found = new Map(features.map(({ published, value }) => [published, value]));
    return {
      oid,
      candid,
      features: Object.fromEntries(LC_CLASSIFIER_FEATURES.map((name) => [name, found.get(name) ?? null])),
      lc_classification: { probabilities, class: ranked[0]![0], hierarchical },
    };
  }
}
