export {
  type CorrectedMagnitude,
  correctMagnitude,
  type DifferencePhotometry,
  markDubious,
  type MaybeDubious,
} from './correct-magnitude.js';
export { lightCurveModel, type LightCurveModelOptions } from './light-curve-model.js';
