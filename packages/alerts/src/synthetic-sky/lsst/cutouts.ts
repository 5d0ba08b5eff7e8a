import type { LsstAlert } from '../../lsst-alert.js';
import { fitsHdu, type HduToWrite } from '../../fits/write-hdus.js';
import { FWHM_PER_SIGMA, type Detection } from '../photometry.js';
import { stampOf } from '../stamp.js';
import type { SurveyTraits } from '../survey-traits.js';
import { NANOJANSKY } from './fluxes.js';

/** Sides of an image and of that of the point spread function [pixel]. */
const SIZE = 30;
const PSF_SIZE = 41;

type Cutouts = Pick<LsstAlert, 'cutoutDifference' | 'cutoutScience' | 'cutoutTemplate'>;

/**
 * The three images of a detection, in nJy, as FITS files of Rubin's form: the image with a WCS about the source, its
 * variance, the point spread function.
 */
export function lsstCutouts(
  traits: SurveyTraits,
  detection: Detection,
  source: { ra: number; dec: number; x: number; y: number },
): Cutouts {
  const { place, measurements } = detection;
  const { exposure } = measurements[measurements.length - 1]!;
  // The first column and row, so that the pixel nearest to the object is in the middle.
  const [left, bottom] = [Math.round(place.x) - SIZE / 2, Math.round(place.y) - SIZE / 2];
  const stamp = stampOf(traits, detection, {
    size: SIZE,
    x: place.x - left,
    y: place.y - bottom,
    scale: NANOJANSKY,
    background: 0,
  });
  const scale = traits.arcsecPerPixel / 3600;
  const cards: HduToWrite['cards'] = [
    ['CUTMINX', left - 1],
    ['CUTMINY', bottom - 1],
    ['BUNIT', 'nJy'],
    ['WCSAXES', 2],
    ['CRPIX1', source.x - left + 1],
    ['CRPIX2', source.y - bottom + 1],
    ['CDELT1', 1],
    ['CDELT2', 1],
    // North is up, east to the left.
    ['PC1_1', -scale],
    ['PC1_2', 0],
    ['PC2_1', 0],
    ['PC2_2', scale],
    ['CTYPE1', 'RA---TAN'],
    ['CTYPE2', 'DEC--TAN'],
    ['CUNIT1', 'deg'],
    ['CUNIT2', 'deg'],
    ['CRVAL1', source.ra],
    ['CRVAL2', source.dec],
    ['RADESYS', 'ICRS'],
  ];
  const file = (pixels: Float32Array, variance: Float32Array, fwhm: number): Buffer =>
    Buffer.concat([
      fitsHdu({ width: SIZE, height: SIZE, pixels, cards }, true, true),
      fitsHdu({ width: SIZE, height: SIZE, pixels: variance, cards: VARIANCE_CARDS }, false),
      psfHdu(fwhm / traits.arcsecPerPixel / FWHM_PER_SIGMA),
    ]);
  return {
    cutoutDifference: file(stamp.difference, stamp.differenceVariance, exposure.fwhm),
    cutoutScience: file(stamp.science, stamp.scienceVariance, exposure.fwhm),
    cutoutTemplate: file(stamp.template, stamp.templateVariance, traits.seeing),
  };
}

const VARIANCE_CARDS = [
  ['UTYPE', 'VarianceUncertainty'],
  ['EXTNAME', 'UNCERT'],
] as const;

/** Those of the last few widths: all alerts of an exposure have the same. */
const psfHdus = new Map<number, Buffer>();

function psfHdu(sigma: number): Buffer {
  const known = psfHdus.get(sigma);
  if (known) return known;
  const pixels = new Float64Array(PSF_SIZE * PSF_SIZE);
  const centre = (PSF_SIZE - 1) / 2;
  for (let i = 0; i < pixels.length; i++) {
    const [dx, dy] = [(i % PSF_SIZE) - centre, Math.floor(i / PSF_SIZE) - centre];
    pixels[i] = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)) / (2 * Math.PI * sigma * sigma);
  }
  const hdu = fitsHdu({ width: PSF_SIZE, height: PSF_SIZE, pixels, cards: [['EXTNAME', 'PSFIMAGE']] }, false);
  if (psfHdus.size >= 8) psfHdus.delete(psfHdus.keys().next().value!);
  psfHdus.set(sigma, hdu);
  return hdu;
}
