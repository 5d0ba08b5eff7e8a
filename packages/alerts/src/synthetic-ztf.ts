import type { StampClass, StampClassification } from './stamp-classification.js';
import { cutoutsOf } from './synthetic-sky/cutouts.js';
import { Random } from './synthetic-sky/random.js';
import { drawObjects, type SkyObject } from './synthetic-sky/sky-object.js';
import { probabilitiesOf } from './synthetic-sky/stamp-probabilities.js';
import { surveyUntil } from './synthetic-sky/survey.js';
import { candidateOf } from './synthetic-sky/ztf-candidate.js';
import { prvCandidateOf } from './synthetic-sky/ztf-detection.js';
import { objectName } from './synthetic-sky/ztf-names.js';
import type { ZtfAlert } from './ztf-alert.js';

export interface SyntheticZtfOptions {
  /** The same seed, number of objects and night give the same bytes. A whole number of 32 bits. */
  readonly seed: number;
  /** How many objects are looked at. Those too faint in the night send no alert, most others two: in g and in r. */
  readonly objects: number;
  /** The alerts are those of the last night at Palomar that had ended by then. */
  readonly now: Date;
  /** Whether alerts carry their three images, which take most of the time; true by default. */
  readonly cutouts?: boolean;
}

export interface ClassifiedAlert {
  /** What the object really is. */
  readonly kind: StampClass;
  readonly alert: ZtfAlert;
  /** What a stamp classifier, which errs at times, makes of it. */
  readonly classification: StampClassification;
}

/**
 * A night of ZTF alerts that never were, earliest first: supernovae, active galaxies, RR Lyrae stars, asteroids and
 * artefacts in the sky over Palomar, each with the detections and upper limits of the 30 days before.
 */
export function* syntheticZtf(options: SyntheticZtfOptions): Generator<ClassifiedAlert, void, void> {
  const { seed, objects, now, cutouts = true } = options;
  const random = new Random(seed, 0);
  const nameOffset = random.integer(0, 2 ** 32 - 1);
  const survey = surveyUntil(now, random);
  const night = survey.nights[0]!;
  const detections: { jd: number; object: SkyObject; index: number }[] = [];
  for (let place = 0; place < objects; place++) {
    for (const object of drawObjects(survey, seed, place)) {
      for (const [index, { visit, detected }] of object.measurements.entries()) {
        if (detected && visit.jd >= night.start) detections.push({ jd: visit.jd, object, index });
      }
    }
  }
  detections.sort((a, b) => a.jd - b.jd || a.object.id - b.object.id);
  for (const { object, index } of detections) {
    const alert = alertOf(object, index, nameOffset, cutouts);
    const { objectId, candid } = alert;
    yield {
      kind: object.kind,
      alert,
      classification: { objectId, candid, probabilities: probabilitiesOf(object) },
    };
  }
}

function alertOf(object: SkyObject, index: number, nameOffset: number, cutouts: boolean): ZtfAlert {
  const candidate = candidateOf(object, index);
  const { candid } = candidate;
  const history = object.measurements.slice(0, index).map((_, i) => prvCandidateOf(object, i));
  return {
    schemavsn: '3.3',
    publisher: 'apf synthetic sky',
    objectId: objectName(object.id, nameOffset, candidate.jdstarthist!),
    candid,
    candidate,
    prv_candidates: history.length > 0 ? history : null,
    ...(cutouts
      ? cutoutsOf(object, index, candid)
      : { cutoutScience: null, cutoutTemplate: null, cutoutDifference: null }),
  };
}
