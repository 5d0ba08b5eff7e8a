import { STAMP_CLASSES, type StampClass, type StampClassification } from '../stamp-classification.js';
import { mix, Random } from './random.js';

/** No classifier is always right: this part of the objects gets the wrong class. */
const MISTAKES = 0.04;

/** What a stamp classifier may say of an object of this kind: mostly the truth, more or less surely. */
export function probabilitiesOf(kind: StampClass, objectId: string): StampClassification['probabilities'] {
  const random = new Random(mix(0, ...Buffer.from(objectId)), 0);
  const mistaken = random.uniform() < MISTAKES;
  const others = STAMP_CLASSES.filter((name) => name !== kind);
  const top: StampClass = mistaken ? others[random.integer(0, others.length - 1)]! : kind;
  const share = random.between(0.4, mistaken ? 0.6 : 0.98);
  const weights = STAMP_CLASSES.map((name) => (name === top ? 0 : 0.05 + random.uniform()));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(
    STAMP_CLASSES.map((name, i) => [
      name,
      Math.fround(name === top ? share : ((1 - share) * weights[i]!) / sum),
    ]),
  ) as StampClassification['probabilities'];
}
