import { gzipSync } from 'node:zlib';
import { writeFits } from '../fits.js';
import type { ZtfAlert, ZtfCutout } from '../ztf-alert.js';
import { fluxOf } from './light-curves.js';
import { Random } from './random.js';
import { skySigma, type SkyObject } from './sky-object.js';
import { processingId } from './ztf-names.js';

const SIZE = 63;
const CENTRE = (SIZE - 1) / 2;
const FWHM_PER_SIGMA = 2.355;
const REFERENCE_FWHM = 2;
/** The reference is a sum of many exposures: this part of one exposure's noise is left in it. */
const REFERENCE_NOISE = 0.25;
/** Pixels are multiples of this many DN: differences of 32-bit floats stay exact, and gzip has less to store. */
const STEP = 1 / 16;
const TEMPLATE_STREAM = 1;
const DIFFERENCE_STREAM = 10;

/**
 * The three images of a detection. Science minus template is the difference, pixel by pixel; of a source that faded
 * the difference is template minus science, as ZTF stores it. A fit of the point spread function to the difference
 * gives the alert's flux.
 */
export function cutoutsOf(
  object: SkyObject,
  index: number,
  candid: bigint,
): Pick<ZtfAlert, 'cutoutScience' | 'cutoutTemplate' | 'cutoutDifference'> {
  const { visit, flux } = object.measurements[index]!;
  const template = templateOf(object, visit.fid, visit.zeroPoint, visit.background, skySigma(visit));
  const change = changeOf(object, index);
  const science = template.map((value, i) => value + change[i]!);
  const difference = flux > 0 ? change : change.map((value) => -value);
  const base = `candid${candid}_pid${processingId(object, visit)}_targ`;
  return {
    cutoutScience: cutout(`${base}_sci.fits.gz`, science),
    cutoutTemplate: cutout(`candid${candid}_ref.fits.gz`, template),
    cutoutDifference: cutout(`${base}_${flux > 0 ? 'scimref' : 'refmsci'}.fits.gz`, difference),
  };
}

function cutout(fileName: string, pixels: Float32Array): ZtfCutout {
  // The fastest level: noise hardly compresses, and the others take three times as long for 3 %.
  return { fileName, stampData: gzipSync(writeFits({ width: SIZE, height: SIZE, pixels }), { level: 1 }) };
}

/** The reference image: background, the nearest source, and some stars of the field. */
function templateOf(
  object: SkyObject,
  fid: number,
  zeroPoint: number,
  background: number,
  flux: number,
): Float32Array {
  const random = new Random(object.seed, TEMPLATE_STREAM);
  const pixels = new Float32Array(SIZE * SIZE).fill(background);
  const { magnitude, dx, dy, extent } = object.reference;
  const scale = 10 ** (0.4 * zeroPoint);
  const sigma = REFERENCE_FWHM / FWHM_PER_SIGMA;
  addSource(pixels, CENTRE + dx, CENTRE + dy, Math.hypot(sigma, extent), fluxOf(magnitude) * scale);
  for (let stars = random.integer(0, 6); stars > 0; stars--) {
    const colour = fid === 1 ? 0.4 : 0;
    const star = fluxOf(random.between(16, 21) + colour) * scale;
    addSource(pixels, random.between(0, SIZE), random.between(0, SIZE), sigma, star);
  }
  return addNoise(pixels, REFERENCE_NOISE * pixelSigma(flux, REFERENCE_FWHM), random);
}

/** What changed since the reference: a point source, or what makes an artefact. */
function changeOf(object: SkyObject, index: number): Float32Array {
  const { visit, flux } = object.measurements[index]!;
  const random = new Random(object.seed, DIFFERENCE_STREAM + index);
  const sigma = visit.fwhm / FWHM_PER_SIGMA;
  const noise = pixelSigma(skySigma(visit), visit.fwhm);
  const pixels = new Float32Array(SIZE * SIZE);
  if (object.kind === 'bogus') {
    addArtefact(pixels, flux, sigma, random);
    return addNoise(pixels, noise, random);
  }
  addNoise(pixels, noise, random);
  // The noise of this image is the noise of the photometry: what a fit to the noise alone gives is made up for.
  addSource(pixels, CENTRE, CENTRE, sigma, flux - fittedFlux(pixels, sigma));
  return quantise(pixels);
}

/** A bright star that was subtracted askew, or a cosmic ray. */
function addArtefact(pixels: Float32Array, flux: number, sigma: number, random: Random): void {
  const angle = random.between(0, 2 * Math.PI);
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  if (random.uniform() < 0.5) {
    addSource(pixels, CENTRE + x, CENTRE + y, sigma, flux * 2);
    addSource(pixels, CENTRE - x, CENTRE - y, sigma, -flux);
    return;
  }
  const length = random.integer(3, 9);
  for (let step = 0; step < length; step++) {
    const [column, line] = [x, y].map((part) => Math.round(CENTRE + (step - length / 2) * part));
    pixels[line! * SIZE + column!]! += flux / length;
  }
}

/** Adds a round Gaussian of total `flux`, centred on column `x` and row `y`. */
function addSource(pixels: Float32Array, x: number, y: number, sigma: number, flux: number): void {
  eachPixel(x, y, sigma, (i, weight) => {
    pixels[i]! += flux * weight;
  });
}

/** Flux of a point source at the centre by least squares with equal weights. */
export function fittedFlux(pixels: Float32Array, sigma: number): number {
  let [product, norm] = [0, 0];
  eachPixel(CENTRE, CENTRE, sigma, (i, weight) => {
    product += pixels[i]! * weight;
    norm += weight * weight;
  });
  return product / norm;
}

/** Calls `visit` with the part of a Gaussian's light in each pixel within five sigma of it. */
function eachPixel(
  x: number,
  y: number,
  sigma: number,
  visit: (index: number, weight: number) => void,
): void {
  const reach = 5 * sigma;
  const peak = 1 / (2 * Math.PI * sigma * sigma);
  const [firstRow, lastRow] = [Math.max(0, Math.ceil(y - reach)), Math.min(SIZE - 1, Math.floor(y + reach))];
  const [firstColumn, lastColumn] = [
    Math.max(0, Math.ceil(x - reach)),
    Math.min(SIZE - 1, Math.floor(x + reach)),
  ];
  for (let line = firstRow; line <= lastRow; line++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const square = (column - x) ** 2 + (line - y) ** 2;
      visit(line * SIZE + column, peak * Math.exp(-square / (2 * sigma * sigma)));
    }
  }
}

/** Noise of a pixel that leads to the error `sigma` of a fitted flux: a Gaussian has 4 pi s^2 pixels' worth of it. */
function pixelSigma(sigma: number, fwhm: number): number {
  return sigma / Math.sqrt(4 * Math.PI * (fwhm / FWHM_PER_SIGMA) ** 2);
}

function addNoise(pixels: Float32Array, sigma: number, random: Random): Float32Array {
  for (let i = 0; i < pixels.length; i++) pixels[i]! += random.normal(0, sigma);
  return quantise(pixels);
}

function quantise(pixels: Float32Array): Float32Array {
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(pixels[i]! / STEP) * STEP;
  return pixels;
}
