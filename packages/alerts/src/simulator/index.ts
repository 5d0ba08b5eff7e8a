export { DETECTOR_IMAGE_FIELDS, detectorImageOf, groupsByImage } from './detector-image.js';
export { planObservations, type ObservationPlan } from './observations.js';
export { play, type Burst, type Pace, type PlayEvents, type PlayOptions, type Transmitter } from './play.js';
export { shiftTimes } from './shift-times.js';
