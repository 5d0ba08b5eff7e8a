import type { PlottedPoint } from '@apf/alerts/browser';
import { numberText } from '../text/numbers.js';
import { mjdText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';

/** A measurement in words, line by line. */
export function pointText({ y, error, band, mark, negative, point }: PlottedPoint, unit: string): string[] {
  const digits = unit === 'mag' ? 3 : 1;
  const value =
    error === null ? numberText(y, digits) : `${numberText(y, digits)} ± ${numberText(error, digits)}`;
  const kind =
    mark === 'limit' ? (unit === 'mag' ? 'fainter than' : 'below') : mark === 'forced' ? 'forced' : '';
  return [
    [band === null ? '' : visibleText(band), kind, value, unit].filter(Boolean).join(' '),
    ...(negative ? ['fainter than the template'] : []),
    `${mjdText(point.time.mjdUtc)} UTC · MJD ${point.time.mjdUtc.toFixed(5)}`,
    ...(point.isAlert ? ['this alert'] : []),
    ...(point.flags.length > 0 ? [visibleText(`flags: ${point.flags.join(', ')}`)] : []),
  ];
}
