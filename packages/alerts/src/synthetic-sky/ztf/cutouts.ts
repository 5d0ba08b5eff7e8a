import { gzipSync } from 'node:zlib';
import { writeFits } from '../../fits.js';
import type { ZtfAlert, ZtfCandidate, ZtfCutout } from '../../ztf-alert.js';
import type { Detection } from '../photometry.js';
import { stampOf } from '../stamp.js';
import type { SurveyTraits } from '../survey-traits.js';
import { skyLevel, zeroPointOf } from './calibration.js';

const SIZE = 63;
const CENTRE = (SIZE - 1) / 2;

/**
 * The three images of a detection, in DN. Of a source that faded the difference is template minus science, as ZTF
 * stores it.
 */
export function ztfCutouts(
  traits: SurveyTraits,
  detection: Detection,
  { candid, pid, isdiffpos }: ZtfCandidate,
): Pick<ZtfAlert, 'cutoutScience' | 'cutoutTemplate' | 'cutoutDifference'> {
  const { exposure } = detection.measurements[detection.measurements.length - 1]!;
  const scale = 10 ** (0.4 * zeroPointOf(traits, exposure));
  const { science, template, difference } = stampOf(traits, detection, {
    size: SIZE,
    x: CENTRE,
    y: CENTRE,
    scale,
    background: skyLevel(exposure),
  });
  const brighter = isdiffpos === 't';
  const base = `candid${candid}_pid${pid}_targ`;
  return {
    cutoutScience: cutout(`${base}_sci.fits.gz`, science),
    cutoutTemplate: cutout(`candid${candid}_ref.fits.gz`, template),
    cutoutDifference: cutout(
      `${base}_${brighter ? 'scimref' : 'refmsci'}.fits.gz`,
      brighter ? difference : difference.map((value) => -value),
    ),
  };
}

function cutout(fileName: string, pixels: Float32Array): ZtfCutout {
  // The fastest level: noise hardly compresses, and the others take three times as long for 3 %.
  return { fileName, stampData: gzipSync(writeFits({ width: SIZE, height: SIZE, pixels }), { level: 1 }) };
}
