import type { AlertForm, SurveyFormat } from './alert-form.js';
import { detectorAt } from './focal-plane.js';
import { measure, type Detection } from './photometry.js';
import type { Exposure, Field } from './schedule.js';
import { drawTenant, type SyntheticTruth, type Tenant } from './sky-object.js';

export interface SyntheticAlert<Alert> {
  /** What the object really is. */
  readonly truth: SyntheticTruth;
  readonly objectId: string;
  /** Id of the detection: ZTF's `candid`, `diaSourceId` of the others. */
  readonly sourceId: bigint;
  /** The value of the survey's own time field: Julian date (UTC) for ZTF, MJD (TAI) for the others [d]. */
  readonly time: number;
  readonly alert: Alert;
}

/** One exposure and what it found. */
export interface SyntheticVisit<Alert> {
  readonly id: bigint;
  /** As {@link SyntheticAlert.time}. */
  readonly time: number;
  readonly band: string;
  /** How many alerts there are. */
  readonly count: number;
  /** In order of their ids; made while they are iterated. */
  readonly alerts: Iterable<SyntheticAlert<Alert>>;
}

/** Where the objects of a sky are: so many of them in a field, field after field, and round again. */
export interface Population {
  readonly seed: number;
  readonly objects: number;
  readonly perField: number;
  readonly fields: readonly Field[];
  /** When the first night begins and the last one ends, Julian dates. */
  readonly interval: readonly [number, number];
}

/** The exposures from the first night on, earliest first, without those that found nothing. */
export function* visitsOf<Alert>(
  format: SurveyFormat<Alert>,
  form: AlertForm,
  population: Population,
): Generator<SyntheticVisit<Alert>, void, void> {
  const exposures = population.fields.flatMap((field) =>
    field.exposures.flatMap((exposure, ordinal) =>
      exposure.night < 0 ? [] : [{ field, exposure, exposures: field.exposures.slice(0, ordinal + 1) }],
    ),
  );
  exposures.sort((a, b) => a.exposure.jd - b.exposure.jd);
  for (const { field, exposure, exposures: past } of exposures) {
    const tenants = [...tenantsOf(form, population, field)];
    const found: { id: bigint; tenant: Tenant }[] = [];
    for (const tenant of tenants) {
      const detection = detect(form, field, past, tenant);
      if (detection) found.push({ id: format.sourceId(form, detection), tenant });
    }
    if (found.length === 0) continue;
    found.sort((a, b) => (a.id < b.id ? -1 : 1));
    const time = format.time(form, exposure);
    const alerts = {
      *[Symbol.iterator]() {
        for (const { id, tenant } of found) {
          // Measured again: the light curves of a whole exposure are more than its objects.
          const detection = detect(form, field, past, tenant)!;
          const { truth } = detection.object;
          const objectId = format.objectId(form, detection);
          yield { truth, objectId, sourceId: id, time, alert: format.alert(form, detection) };
        }
      },
    };
    yield { id: format.visitId(form, exposure), time, band: exposure.band, count: found.length, alerts };
  }
}

function* tenantsOf({ traits }: AlertForm, population: Population, field: Field): Generator<Tenant> {
  const { seed, objects, perField, fields, interval } = population;
  for (let slot = 0; ; slot++) {
    const round = Math.floor(slot / perField);
    const index = (round * fields.length + field.index) * perField + (slot % perField);
    if (index >= objects) return;
    yield drawTenant(traits, seed, field, slot, index, interval);
  }
}

/** What the last of the exposures finds of a tenant; null if it is not there, not on a detector, or too faint. */
function detect(
  form: AlertForm,
  field: Field,
  exposures: readonly Exposure[],
  tenant: Tenant,
): Detection | null {
  const { traits } = form;
  const last = exposures.length - 1;
  const object = tenant(exposures[last]!, last);
  const place = object && detectorAt(traits, field, object);
  if (!place) return null;
  const measurements = measure(traits, object, exposures);
  return measurements[last]!.detected ? { field, object, place, measurements } : null;
}
