import { STAMP_CLASSIFIER_SCHEMA, syntheticZtf, type StampClassification } from '@apf/alerts';
import { ContainerWriter, parseSchema, type Outgoing } from '@apf/core';
import type { Display } from './display.js';
import type { Scenario } from './scenario.js';
import { supernovaStep, THRESHOLD } from './supernova-step.js';

export interface SyntheticOptions {
  readonly objects: number;
  readonly seed: number;
}

/** The synthetic sky as a stamp classifier sees it, in ALeRCE's form, and the step that looks for supernovae. */
export function syntheticScenario(
  { objects, seed }: SyntheticOptions,
  now: Date,
  display: Display,
): Scenario {
  const classifications: StampClassification[] = [];
  const supernovae = new Set<string>();
  for (const { kind, classification } of syntheticZtf({ seed, objects, now, cutouts: false })) {
    classifications.push(classification);
    if (kind === 'SN') supernovae.add(classification.objectId);
  }
  display.note(
    `A synthetic sky (seed ${seed}): ${objects} objects sent ${classifications.length} alerts last night; ` +
      `the step tells of each that is a supernova with a probability of ${THRESHOLD} or more.`,
  );
  const found = new Set<string>();
  return {
    topicFormat: 'stamp_classifier_%s',
    StepClass: supernovaStep((supernova) => {
      const { objectId, candid, probability, link } = supernova;
      found.add(objectId);
      display.result(
        `supernova ${objectId}  candid ${candid}  probability ${probability.toFixed(2)}  ${link}`,
        {
          event: 'supernova',
          ...supernova,
        },
      );
    }),
    resultTopic: 'supernovae',
    total: classifications.length,
    messages: () => outgoing(classifications),
    unreadable: 0,
    conclusion: () => {
      const right = [...found].filter((objectId) => supernovae.has(objectId)).length;
      return {
        text:
          `The sky holds ${supernovae.size} supernovae. Found: ${right} of them; ` +
          `taken for one by the classifier's mistake: ${found.size - right}.`,
        record: { found: found.size, supernovae: supernovae.size, right },
      };
    },
  };
}

function* outgoing(classifications: readonly StampClassification[]): Generator<Outgoing<Buffer>> {
  const writer = new ContainerWriter(parseSchema(STAMP_CLASSIFIER_SCHEMA));
  for (const [offset, classification] of classifications.entries()) {
    const origin = { topic: 'synthetic-sky', partition: 0, offset, value: null };
    yield { value: writer.write([classification]), key: classification.objectId, origin };
  }
}
