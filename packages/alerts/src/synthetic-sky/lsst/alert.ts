import type { Lsst7Alert, Lsst7DiaNondetectionLimit, LsstAlert } from '../../lsst-alert.js';
import type { AlertForm } from '../alert-form.js';
import type { Detection, Measurement } from '../photometry.js';
import { lsstCutouts } from './cutouts.js';
import { diaObject7Of, diaObjectOf } from './dia-object.js';
import { diaSource7Of, diaSourceOf } from './dia-source.js';
import { midpoint } from './exposure-times.js';
import { NANOJANSKY } from './fluxes.js';
import { forcedSource7Of, forcedSourceOf } from './forced-source.js';
import { visitId } from './names.js';
import { mpcOrbitOf, ssObject7Of, ssSourceOf } from './solar-system.js';

const NO_CUTOUTS = { cutoutDifference: null, cutoutScience: null, cutoutTemplate: null };

/** The alert of an object's last measurement, schema version 10.0. */
export function lsstAlert({ traits, cutouts }: AlertForm, detection: Detection): LsstAlert {
  const { object, measurements } = detection;
  const { asteroid } = object;
  const last = measurements.length - 1;
  const diaSource = diaSourceOf(traits, detection, last);
  const { before, forced } = historyOf(traits.history, measurements);
  return {
    diaSourceId: diaSource.diaSourceId,
    observation_reason: 'synthetic',
    target_name: `field ${detection.field.index}`,
    diaSource,
    prvDiaSources: asteroid ? null : orNull(before.map((index) => diaSourceOf(traits, detection, index))),
    prvDiaForcedSources: asteroid ? null : orNull(forced.map((m) => forcedSourceOf(traits, detection, m))),
    diaObject: asteroid ? null : diaObjectOf(traits, detection),
    ssSource: asteroid ? ssSourceOf(detection, asteroid, diaSource) : null,
    mpc_orbits: asteroid ? mpcOrbitOf(asteroid) : null,
    ...(cutouts ? lsstCutouts(traits, detection, diaSource) : NO_CUTOUTS),
  };
}

/** The same, schema version 7.4. */
export function lsst7Alert({ traits, cutouts }: AlertForm, detection: Detection): Lsst7Alert {
  const { object, measurements, place } = detection;
  const { asteroid } = object;
  const last = measurements.length - 1;
  const diaSource = diaSource7Of(traits, detection, last);
  const { before, forced, limits } = historyOf(traits.history, measurements);
  const limit = ({ exposure, sky }: Measurement): Lsst7DiaNondetectionLimit => ({
    ccdVisitId: visitId(exposure) * 1000n + BigInt(place.detector),
    midpointMjdTai: midpoint(traits, exposure),
    band: exposure.band,
    diaNoise: Math.fround(sky * NANOJANSKY),
  });
  return {
    alertId: diaSource.diaSourceId,
    diaSource,
    prvDiaSources: asteroid ? null : orNull(before.map((index) => diaSource7Of(traits, detection, index))),
    prvDiaForcedSources: asteroid ? null : orNull(forced.map((m) => forcedSource7Of(traits, detection, m))),
    prvDiaNondetectionLimits: orNull(limits.map(limit)),
    diaObject: asteroid ? null : diaObject7Of(traits, detection),
    ssObject: asteroid ? ssObject7Of(asteroid) : null,
    ...(cutouts ? lsstCutouts(traits, detection, diaSource) : NO_CUTOUTS),
  };
}

/** What comes with an alert of the days before: earlier detections, forced fits since the first one, and limits. */
export function historyOf(
  days: number,
  measurements: readonly Measurement[],
): { before: number[]; forced: Measurement[]; limits: Measurement[] } {
  const last = measurements.length - 1;
  const earliest = measurements[last]!.exposure.jd - days;
  const first = measurements.findIndex(({ detected }) => detected);
  const recent = measurements.findIndex(({ exposure }) => exposure.jd > earliest);
  const before: number[] = [];
  for (let i = recent; i < last; i++) if (measurements[i]!.detected) before.push(i);
  return {
    before,
    forced: measurements.slice(Math.max(first, recent)),
    limits: measurements.slice(recent).filter(({ detected }) => !detected),
  };
}

export function orNull<T>(list: T[]): T[] | null {
  return list.length > 0 ? list : null;
}
