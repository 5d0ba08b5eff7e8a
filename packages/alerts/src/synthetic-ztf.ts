import type { StampClass, StampClassification } from './stamp-classification.js';
import { syntheticSky, startOfLastNights } from './synthetic-sky.js';
import type { SyntheticKind } from './synthetic-sky/sky-object.js';
import { probabilitiesOf } from './synthetic-sky/stamp-probabilities.js';
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

const STAMP_CLASS_OF: Readonly<Record<SyntheticKind, StampClass>> = {
  ...{ 'SN Ia': 'SN', 'SN II': 'SN', 'SN Ibc': 'SN', RRab: 'VS', RRc: 'VS', EB: 'VS', AGN: 'AGN' },
  ...{ asteroid: 'asteroid', bogus: 'bogus' },
};

/** Last night's ZTF alerts (schema version 3.3) of the synthetic sky, earliest first, as a stamp classifier sees them. */
export function* syntheticZtf(options: SyntheticZtfOptions): Generator<ClassifiedAlert, void, void> {
  const { now, ...rest } = options;
  const start = startOfLastNights('ztf', now, 1);
  for (const { truth, alert } of syntheticSky({
    survey: 'ztf',
    version: '3.3',
    start,
    nights: 1,
    ...rest,
  }).alerts()) {
    const { objectId, candid } = alert;
    const kind = STAMP_CLASS_OF[truth.kind];
    const probabilities = probabilitiesOf(kind, objectId);
    yield { kind, alert, classification: { objectId, candid, probabilities } };
  }
}
