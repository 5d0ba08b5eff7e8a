import { BANDS, fluxOf, type Band } from './bands.js';
import { electronsOf, FWHM_PER_SIGMA, type Detection } from './photometry.js';
import { mix, Random } from './random.js';
import type { SkyObject } from './sky-object.js';
import { skySigma, type SurveyTraits } from './survey-traits.js';

/** How a survey cuts images out. */
export interface StampForm {
  /** Pixels along each side. */
  readonly size: number;
  /** Column and row of the object, counted from 0. */
  readonly x: number;
  readonly y: number;
  /** The image's unit is so many times smaller than the flux of magnitude 0. */
  readonly scale: number;
  /** Sky that is left in the science and the reference image [unit]. */
  readonly background: number;
}

/** The three images of a detection, in the survey's unit, and the variance of their pixels. */
export interface Stamp {
  readonly science: Float32Array;
  readonly template: Float32Array;
  /** Science minus template, to the last bit. */
  readonly difference: Float32Array;
  readonly scienceVariance: Float32Array;
  readonly templateVariance: Float32Array;
  readonly differenceVariance: Float32Array;
}

/** The reference is a sum of many exposures: this part of the variance of one is left in it. */
const REFERENCE_VARIANCE = 0.06;
/** Pixels are multiples of this: sums and differences of 32-bit floats stay exact. */
const STEP = 1 / 16;
const [STARS, REFERENCE, PIXELS, ARTEFACT] = [31, 32, 33, 34];

/**
 * The images of a detection. A fit of the point spread function to the difference, with equal weights, gives the flux
 * that was measured; otherwise the pixels have the noise of sky, light and reference.
 */
export function stampOf(traits: SurveyTraits, { object, measurements }: Detection, form: StampForm): Stamp {
  const { exposure, flux, sky } = measurements[measurements.length - 1]!;
  const { size, x, y, scale, background } = form;
  const sigma = exposure.fwhm / traits.arcsecPerPixel / FWHM_PER_SIGMA;
  const light = referenceLight(traits, object, exposure.band, form);
  const unitsPerElectron = scale / electronsOf(traits, exposure);
  const quietest = pixelVariance(traits, skySigma(traits.limit[exposure.band]) * scale, traits.seeing);
  const templateSky = REFERENCE_VARIANCE * quietest;
  const differenceSky = pixelVariance(traits, sky * scale, exposure.fwhm);
  const change = new Float32Array(size * size);
  if (object.artefact) addArtefact(change, size, object, measurements.length, flux * scale, sigma, x, y);
  else addSource(change, size, x, y, sigma, flux * scale);

  const template = light.map((value) => value + background);
  addNoise(
    template,
    () => templateSky,
    new Random(mix(object.seed, REFERENCE, BANDS.indexOf(exposure.band)), 0),
  );
  quantise(template);
  const scienceSky = differenceSky - templateSky;
  const photons = (i: number): number => Math.max(0, light[i]! + change[i]!) * unitsPerElectron;
  // What the difference has beside the source: the noise of the science image minus that of the reference.
  const noise = template.map((value, i) => light[i]! + background - value);
  addNoise(
    noise,
    (i) => scienceSky + photons(i),
    new Random(mix(object.seed, PIXELS, measurements.length), 0),
  );
  if (!object.artefact) addSource(noise, size, x, y, sigma, -fittedFlux(noise, size, x, y, sigma));
  const difference = quantise(noise.map((value, i) => value + change[i]!));
  return {
    template,
    difference,
    science: template.map((value, i) => value + difference[i]!),
    scienceVariance: light.map((_, i) => scienceSky + photons(i)),
    templateVariance: new Float32Array(size * size).fill(templateSky),
    differenceVariance: light.map((_, i) => differenceSky + photons(i)),
  };
}

/** The light of the reference: the nearest source and some stars of the field, the same in every exposure of a band. */
function referenceLight(traits: SurveyTraits, object: SkyObject, band: Band, form: StampForm): Float32Array {
  const { size, x, y, scale } = form;
  const { magnitude, dx, dy, extent } = object.reference;
  const pixel = traits.arcsecPerPixel;
  const sigma = traits.seeing / pixel / FWHM_PER_SIGMA;
  const light = new Float32Array(size * size);
  const wide = Math.hypot(sigma, extent / pixel);
  addSource(light, size, x + dx / pixel, y + dy / pixel, wide, fluxOf(magnitude[band]) * scale);
  const random = new Random(mix(object.seed, STARS), 0);
  const area = (size * pixel) ** 2;
  for (let stars = Math.floor(random.uniform() * (1 + area / 700)); stars > 0; stars--) {
    const flux = fluxOf(random.between(...traits.depth.agn) + 1) * scale;
    addSource(light, size, random.between(0, size), random.between(0, size), sigma, flux);
  }
  return light;
}

/** A bright star that was subtracted askew, or a cosmic ray. */
function addArtefact(
  pixels: Float32Array,
  size: number,
  object: SkyObject,
  exposures: number,
  flux: number,
  sigma: number,
  x: number,
  y: number,
): void {
  const random = new Random(mix(object.seed, ARTEFACT, exposures), 0);
  const angle = random.between(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  if (object.artefact === 'dipole') {
    addSource(pixels, size, x + dx, y + dy, sigma, flux * 2);
    addSource(pixels, size, x - dx, y - dy, sigma, -flux);
    return;
  }
  const length = random.integer(3, 9);
  for (let step = 0; step < length; step++) {
    const [column, row] = [
      Math.round(x + (step - length / 2) * dx),
      Math.round(y + (step - length / 2) * dy),
    ];
    pixels[row * size + column]! += flux / length;
  }
}

/** Adds a round Gaussian of total `flux`, centred on column `x` and row `y`. */
function addSource(
  pixels: Float32Array,
  size: number,
  x: number,
  y: number,
  sigma: number,
  flux: number,
): void {
  const [columns, rows] = [profile(size, x, sigma), profile(size, y, sigma)];
  for (let row = 0, i = 0; row < size; row++) {
    const height = flux * rows[row]!;
    if (height === 0) i += size;
    else for (let column = 0; column < size; column++) pixels[i++]! += height * columns[column]!;
  }
}

/** Flux of a point source by least squares with equal weights. */
export function fittedFlux(pixels: Float32Array, size: number, x: number, y: number, sigma: number): number {
  const [columns, rows] = [profile(size, x, sigma), profile(size, y, sigma)];
  let [product, norm] = [0, 0];
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const weight = rows[row]! * columns[column]!;
      product += pixels[i++]! * weight;
      norm += weight * weight;
    }
  }
  return product / norm;
}

/** A Gaussian along one axis, nothing beyond six sigma. */
function profile(size: number, centre: number, sigma: number): Float64Array {
  const values = new Float64Array(size);
  const peak = 1 / (Math.sqrt(2 * Math.PI) * sigma);
  for (let i = 0; i < size; i++) {
    const deviation = (i - centre) / sigma;
    if (Math.abs(deviation) < 6) values[i] = peak * Math.exp(-0.5 * deviation * deviation);
  }
  return values;
}

/** Variance of a pixel that leads to the error `sigma` of a fitted flux: a Gaussian has 4 pi s^2 pixels' worth of it. */
function pixelVariance(traits: SurveyTraits, sigma: number, fwhm: number): number {
  return (sigma * sigma) / (4 * Math.PI * (fwhm / traits.arcsecPerPixel / FWHM_PER_SIGMA) ** 2);
}

function addNoise(pixels: Float32Array, variance: (index: number) => number, random: Random): void {
  for (let i = 0; i < pixels.length; i++) pixels[i]! += random.normal(0, Math.sqrt(variance(i)));
}

function quantise(pixels: Float32Array): Float32Array {
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(pixels[i]! / STEP) * STEP;
  return pixels;
}
