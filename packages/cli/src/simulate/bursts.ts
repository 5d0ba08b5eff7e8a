import { basename } from 'node:path';
import {
  detectorImageOf,
  startOfLastNights,
  syntheticSky,
  type ObservationPlan,
  type SyntheticAlert,
  type SyntheticSky,
} from '@apf/alerts';
import { type AvroSchema, parseSchema, printable } from '@apf/core';
import type { AlertSet } from './alert-set.js';
import type { MessageMaker } from './message-maker.js';
import type { AlertReader } from './read-alerts.js';
import { SetBurst, type NowShift } from './set-burst.js';
import type { AlertOrigin } from './settings.js';
import type { ShownField } from './shown-field.js';

/** A part of a set for each observation; with `loop` again and again. */
export function* observations(
  set: AlertSet,
  plan: ObservationPlan,
  loop: boolean,
  shift: NowShift | undefined,
): Generator<SetBurst> {
  let number = 0;
  do {
    let from = 0;
    for (const size of plan.sizes) {
      yield new SetBurst(set, from, size, ++number, undefined, shift);
      from += size;
    }
  } while (loop);
}

export interface VisitOptions {
  readonly limit: number;
  readonly loop: boolean;
  readonly shift: NowShift | undefined;
  /** Whether the alerts of a visit are put in groups, by their detectors. */
  readonly grouped: boolean;
}

/** A visit for each container of the files, in their order. A visit that is empty or broken is left out. */
export async function* visitsOfFiles(
  files: readonly string[],
  reader: AlertReader,
  set: AlertSet,
  { limit, loop, shift, grouped }: VisitOptions,
): AsyncGenerator<SetBurst> {
  let number = 0;
  do {
    const before = number;
    for (const file of files) {
      for await (const container of reader.containers(file, () => undefined)) {
        await set.clear();
        await reader.read(container, set, limit);
        if (set.length === 0) continue;
        const groups = grouped ? set.group() : undefined;
        yield new SetBurst(set, 0, set.length, ++number, visitId(container.name), shift, groups);
      }
    }
    if (number === before) return;
  } while (loop);
}

/** A visit for each exposure of a synthetic sky. */
export async function* visitsOfSky(
  sky: SyntheticSky<object>,
  fill: SkyFiller,
  set: AlertSet,
  { limit, loop, shift, grouped }: VisitOptions,
): AsyncGenerator<SetBurst> {
  let number = 0;
  do {
    for (const visit of sky.visits()) {
      await set.clear();
      await fill.from(visit.alerts, set, limit);
      const groups = grouped ? set.group() : undefined;
      yield new SetBurst(set, 0, set.length, ++number, String(visit.id), shift, groups);
    }
  } while (loop);
}

/** `alerts_11574.avro` is visit 11574; of other files the one number in the name, else the name. */
function visitId(name: string): string {
  const stem = basename(name.slice(name.lastIndexOf('#') + 1)).replace(/\.avro(\.gz)?$/i, '');
  const numbers = stem.match(/\d+/g) ?? [];
  return /^alerts_(\d+)/.exec(stem)?.[1] ?? (numbers.length === 1 ? numbers[0] : printable(stem));
}

/** The synthetic sky of the settings: its nights are the last ones. */
export function skyOf(origin: Exclude<AlertOrigin, { paths: unknown }>, now: Date): SyntheticSky<object> {
  const { survey, version, objects, objectsPerField, nights, seed } = origin;
  return syntheticSky({
    survey,
    ...(version === undefined ? {} : { version }),
    objects,
    ...(objectsPerField === undefined ? {} : { objectsPerField }),
    nights,
    seed,
    start: startOfLastNights(survey, now, nights),
  });
}

/** Puts synthetic alerts into a set. */
export class SkyFiller {
  readonly schema: AvroSchema;

  constructor(
    sky: SyntheticSky<object>,
    private readonly maker: MessageMaker | undefined,
    private readonly shown: ShownField | undefined,
    private readonly grouped: boolean,
  ) {
    this.schema = parseSchema(sky.schema);
  }

  async from(alerts: Iterable<SyntheticAlert<object>>, set: AlertSet, limit = Infinity): Promise<void> {
    const { schema, maker, shown, grouped } = this;
    let left = limit;
    for (const { alert, time, sourceId, objectId } of alerts) {
      if (left-- <= 0) return;
      const bytes = schema.encode(alert);
      const message = maker?.message(bytes, schema) ?? { value: bytes, key: null };
      await set.add({
        bytes: message.value,
        key: message.key,
        schema,
        moment: { time, id: sourceId },
        image: grouped ? detectorImageOf(alert) : undefined,
        shown: shown?.textOf(alert, schema),
        name: objectId,
      });
    }
  }
}
