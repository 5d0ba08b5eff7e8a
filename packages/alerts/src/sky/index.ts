export { fromGalactic, type GalacticPosition, toGalactic } from './galactic.js';
export { type EclipticPosition, fromEcliptic, toEcliptic } from './ecliptic.js';
export { coneRanges, type PixelRange } from './cone-ranges.js';
export { HEALPIX_ORDER, healpixOf } from './healpix.js';
export { parsePosition, type PositionText, parseRadius } from './parse-position.js';
export { angularDistance, type SkyPosition } from './sky-position.js';
