import type { ZtfAlert } from '../../ztf-alert.js';
import type { AlertForm } from '../alert-form.js';
import type { Detection } from '../photometry.js';

import { candidateOf, firstDetection } from './candidate.js';
import { ztfCutouts } from './cutouts.js';
import { prvCandidateOf } from './detection.js';
import { forcedPhotometryOf } from './forced-photometry.js';
import { objectName } from './names.js';

/** The alert of an object's last measurement, as ZTF sends it. */
export function ztfAlert(form: AlertForm, detection: Detection): ZtfAlert {
  const { traits, version, cutouts } = form;
  const { measurements } = detection;
  const candidate = candidateOf(traits, detection);
  const last = measurements.length - 1;
  const { jd } = measurements[last]!.exposure;
  const recent = measurements.findIndex(({ exposure }) => exposure.jd > jd - traits.history);
  const indices = Array.from({ length: last - recent }, (_, i) => recent + i);
  const history = indices.map((index) => prvCandidateOf(traits, detection, index));
  const forced = indices.map((index) => forcedPhotometryOf(traits, detection, measurements[index]!));
  const orNull = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null);
  return {
    schemavsn: version,
    publisher: 'apf synthetic sky',
    objectId: ztfObjectId(form, detection),
    candid: candidate.candid,
    candidate,
    prv_candidates: orNull(history),
    ...(version === '3.3' ? {} : { fp_hists: orNull(forced) }),
    ...(cutouts
      ? ztfCutouts(traits, detection, candidate)
      : { cutoutScience: null, cutoutTemplate: null, cutoutDifference: null }),
  };
}

export function ztfObjectId({ nameOffset }: AlertForm, detection: Detection): string {
  return objectName(detection.object.id, nameOffset, firstDetection(detection));
}
