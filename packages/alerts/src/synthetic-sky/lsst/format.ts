import type { Lsst7Alert, LsstAlert } from '../../lsst-alert.js';
import { LSST_ALERT_SCHEMAS } from '../../lsst-alert-schema.js';
import type { SurveyFormat } from '../alert-form.js';
import { lsst7Alert, lsstAlert } from './alert.js';
import { midpoint } from './exposure-times.js';
import { diaObjectId, sourceId, visitId } from './names.js';

export const LSST_FORMAT: SurveyFormat<LsstAlert | Lsst7Alert> = {
  schemas: LSST_ALERT_SCHEMAS,
  time: ({ traits }, exposure) => midpoint(traits, exposure),
  visitId: (_, exposure) => visitId(exposure),
  sourceId: (_, { object, place, measurements }) =>
    sourceId(measurements[measurements.length - 1]!.exposure, place.detector, object),
  objectId: (_, detection) => detection.object.asteroid?.designation ?? String(diaObjectId(detection)),
  alert: (form, detection) => (form.version === '7.4' ? lsst7Alert : lsstAlert)(form, detection),
};
