export { type Cutout, type CutoutName, cutoutsOf } from './cutouts-of.js';
export { orient, type OrientedImage } from './orient.js';
export { type SkyAxes, skyAxesOf } from './sky-axes.js';
export { type Limits, limitsOf, type Stretch, STRETCHES, stretchPixels } from './stretch.js';
