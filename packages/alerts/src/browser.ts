/** What a web page can use of this package: nothing in here reaches Node. */
export { type Limits, limitsOf, type Stretch, STRETCHES, stretchPixels } from './cutouts/stretch.js';
export type { LightCurve, LightCurvePoint } from './light-curve/light-curve.js';
export { axisFor } from './plot/axis.js';
export { type BandStyle, bandsOf, bandStyle, type MarkShape } from './plot/band-styles.js';
export { plainText } from './plot/markup.js';
export {
  extentOf,
  inOrder,
  PLOT_QUANTITIES,
  plottedCurve,
  type PlottedCurve,
  type PlottedPoint,
  type PlotQuantity,
  usualQuantity,
} from './plot/plotted-points.js';
export { MARK_CORNERS, type MarkStyle } from './plot/svg-marks.js';
export { fromEcliptic } from './sky/ecliptic.js';
export { fromGalactic } from './sky/galactic.js';
export { angularDistance, type SkyPosition } from './sky/sky-position.js';
export type { SurveyName } from './surveys/survey-of.js';
export { taiOfUtc } from './time-scales.js';
