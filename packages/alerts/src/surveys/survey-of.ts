import type { AvroSchema } from '@apf/core';
import { type Fields, isFields } from './fields.js';

/** The surveys whose alerts are known by their shape. A broker's copy with more fields is of the survey it came from. */
export const SURVEYS = ['ztf', 'lsst', 'elasticc'] as const;
export type SurveyName = (typeof SURVEYS)[number];

/** Names that LSST gave up with its schema 5.0, and that ELAsTiCC took over; those of them that only LSST had. */
const NAMES_OF_2019 = ['psFlux', 'midPointTai', 'filterName', 'decl'];
const ONLY_LSST = ['x', 'apFlux', 'programId'];

/**
 * The survey of an alert, by the shape of its value: `candidate` is ZTF's, `diaSource` LSST's or ELAsTiCC's, which used
 * LSST's names of 2019 with a schema of its own. Undefined for anything else, such as a classification.
 */
export function surveyOfAlert(alert: unknown): SurveyName | undefined {
  if (!isFields(alert)) return undefined;
  if (isFields(alert.diaSource)) {
    const has = (name: string): boolean => name in (alert.diaSource as Fields);
    return NAMES_OF_2019.some(has) && !ONLY_LSST.some(has) ? 'elasticc' : 'lsst';
  }
  return isFields(alert.candidate) && ztfEpoch(alert.candidate) ? 'ztf' : undefined;
}

/** DECam's and other surveys' alerts have a `candidate` too, with other fields. */
function ztfEpoch(candidate: Fields): boolean {
  return !('mjd' in candidate) && !('forcediffimflux' in candidate);
}

/** The survey whose alerts a schema describes; see {@link surveyOfAlert}. */
export function surveyOfSchema(schema: AvroSchema): SurveyName | undefined {
  return surveyOfAlert(shapeOf(schema.root, 2));
}

type Node = AvroSchema['root'];

/** A value with the fields that the schema's records have, as deep as asked. */
function shapeOf(node: Node, depth: number): unknown {
  if (node.kind === 'union') {
    return node.branches.map((branch) => shapeOf(branch, depth)).find((shape) => shape !== null) ?? null;
  }
  if (node.kind !== 'record' || depth === 0) return null;
  return Object.fromEntries(node.fields.map((field) => [field.name, shapeOf(field.node, depth - 1)]));
}
