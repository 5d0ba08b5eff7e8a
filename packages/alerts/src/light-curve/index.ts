export {
  type CorrectedMagnitude,
  correctMagnitude,
  type DifferencePhotometry,
  markDubious,
  type MaybeDubious,
} from './correct-magnitude.js';
export { lightCurveModel, type LightCurveModelOptions } from './light-curve-model.js';
export type { LightCurve, LightCurvePoint } from './light-curve.js';
export { lightCurveOf, mergeLightCurves } from './light-curve-of.js';
