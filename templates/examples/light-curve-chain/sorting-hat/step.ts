import { alertRows, lightCurveRows } from '@apf/alerts';
import { type AlertContext, Step } from '@apf/core';
import type { Epochs } from '../messages.js';

/** Finds out of which object an alert tells, stores it as it came, and passes its epochs on. */
export default class SortingHat extends Step<unknown, Epochs> {
  execute(message: unknown, context: AlertContext): Epochs {
    const rows = lightCurveRows(message);
    const { alert, schema } = alertRows(rows, context);
    context.db.insert('schema', schema);
    context.db.insert('alert', alert);
    const { survey, oid, candid, mjd, detection, earlier, nonDetections: non_detections } = rows;
    return { survey, oid, candid, mjd, detection, earlier, non_detections };
  }
}
