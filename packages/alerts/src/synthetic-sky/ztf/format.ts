import type { ZtfAlert } from '../../ztf-alert.js';
import { ZTF_ALERT_SCHEMAS } from '../../ztf-alert-schema.js';
import type { SurveyFormat } from '../alert-form.js';
import { ztfAlert, ztfObjectId } from './alert.js';
import { candidateId, processingId } from './names.js';

export const ZTF_FORMAT: SurveyFormat<ZtfAlert> = {
  schemas: ZTF_ALERT_SCHEMAS,
  time: (_, { jd }) => jd,
  // The image of a whole exposure has no id in ZTF: that of its first readout channel stands for it.
  visitId: (_, { jd }) => processingId({ detector: 0 }, jd),
  sourceId: (_, { object, place, measurements }) => {
    const { exposure, flux } = measurements[measurements.length - 1]!;
    return candidateId(place, object, exposure.jd, flux > 0);
  },
  objectId: ztfObjectId,
  alert: ztfAlert,
};
