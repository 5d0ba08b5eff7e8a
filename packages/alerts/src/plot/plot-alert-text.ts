import { toError } from '@apf/core';
import { type Cutout, cutoutsOf } from '../cutouts/cutouts-of.js';
import type { Stretch } from '../cutouts/stretch.js';
import type { SurveyName } from '../surveys/survey-of.js';
import { plainText } from './markup.js';
import { factsOf, headline, originOf, plottedAlert, type PlotOptions } from './plot-alert.js';
import { plottedCurve } from './plotted-points.js';
import { orientedCutout } from './stamp-panel.js';
import { textCurve } from './text-curve.js';
import { textStamp } from './text-stamp.js';

export interface TextPlotOptions extends PlotOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly colour: boolean;
}

/** Narrower terminals get what these columns give. */
const LEAST_COLUMNS = 48;
const MOST_COLUMNS = 200;
const LARGEST_STAMP = 63;

/**
 * An alert for a terminal, as lines of text: cutouts in greys, the light curve in braille with the bands' letters.
 * @throws UsageError for what is no alert of a known survey
 */
export function plotAlertText(alert: unknown, options: TextPlotOptions): string {
  const { identity, curve, quantity } = plottedAlert(alert, options);
  const columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, options.columns));
  const plotted = plottedCurve(curve, originOf(identity, curve), quantity);
  return [
    plainText(headline(identity)),
    plainText(factsOf(identity).join(' · ')),
    '',
    ...stamps(cutoutsOf(alert), identity.survey, columns, options),
    ...textCurve(curve.survey, plotted, columns, options.colour),
    '',
  ].join('\n');
}

/** The cutouts side by side, with their names above; north is up and east left as nearly as quarter turns allow. */
function stamps(
  cutouts: readonly Cutout[],
  survey: SurveyName,
  columns: number,
  { stretch = 'asinh', colour }: { stretch?: Stretch | undefined; colour: boolean },
): string[] {
  if (cutouts.length === 0) return [];
  const width = Math.min(LARGEST_STAMP, Math.floor((columns - 4) / 3));
  const panels = cutouts.map((cutout) => {
    try {
      return textStamp(orientedCutout(cutout, survey), stretch, width, colour);
    } catch (error) {
      return [plainText(toError(error).message).slice(0, width).padEnd(width)];
    }
  });
  const rows = Math.max(...panels.map((lines) => lines.length));
  return [
    cutouts.map(({ name }) => name.padEnd(width)).join('  '),
    ...Array.from({ length: rows }, (_, row) =>
      panels.map((lines) => lines[row] ?? ' '.repeat(width)).join('  '),
    ),
    '',
  ];
}
