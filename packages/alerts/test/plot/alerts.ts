import { gzipSync } from 'node:zlib';
import { writeFits } from '../../src/fits.js';

/** A stamp with a source in its middle and one to the north, as ZTF stores it: the first row is the northernmost. */
export function stamp(size = 63): Buffer {
  const pixels = new Float32Array(size * size).map((_, i) => (i % 7) / 7);
  const middle = (size - 1) / 2;
  for (const [x, y, flux] of [
    [middle, middle, 300],
    [middle, 6, 100],
  ] as const) {
    for (let i = -2; i <= 2; i++) for (let j = -2; j <= 2; j++) pixels[(y + j) * size + x + i] = flux;
  }
  return gzipSync(writeFits({ width: size, height: size, pixels }));
}

const candidate = {
  jd: 2459000.75,
  fid: 1,
  candid: 1250000000000000001n,
  isdiffpos: 't',
  magpsf: 18,
  sigmapsf: 0.1,
  diffmaglim: 20.5,
  magnr: 17,
  sigmagnr: 0.01,
  distnr: 0.5,
  ra: 150.1,
  dec: -2.2,
};

export const ZTF_ALERT = {
  objectId: 'ZTF18abcdefg',
  candid: 1250000000000000001n,
  candidate,
  prv_candidates: [
    { ...candidate, jd: 2458990.75, candid: 2n, fid: 2, isdiffpos: 'f', magpsf: 17 },
    { jd: 2458980.75, fid: 2, candid: null, magpsf: null, isdiffpos: null, diffmaglim: 20 },
  ],
  cutoutScience: { fileName: 'x_sci.fits.gz', stampData: stamp() },
  cutoutTemplate: { fileName: 'x_ref.fits.gz', stampData: stamp() },
  cutoutDifference: { fileName: 'x_refmsci.fits.gz', stampData: stamp() },
};

const source = {
  diaSourceId: 25409136044802067n,
  midpointMjdTai: 61000.5,
  band: 'i',
  ra: 1,
  dec: 2,
  psfFlux: 3000,
  psfFluxErr: 300,
};

export const LSST_ALERT = {
  diaSource: source,
  prvDiaSources: [{ ...source, diaSourceId: 3n, midpointMjdTai: 60990, band: 'u', psfFlux: -1000 }],
  prvDiaForcedSources: [
    { diaForcedSourceId: 4n, midpointMjdTai: 60998, band: 'i', psfFlux: 5, psfFluxErr: 10 },
  ],
  diaObject: { diaObjectId: 313761043604045880n },
};

/** Texts that would be markup, terminal codes or another direction of writing. */
export const HOSTILE = '<script>alert("1")</script>&\'\u001b[31m\u0000\u202e]]>--><!--\ud800\uffff';

export const HOSTILE_ALERT = {
  ...LSST_ALERT,
  diaSource: { ...source, band: HOSTILE, pixelFlags_edge: true, [`flag${HOSTILE}`]: true },
  diaObject: { diaObjectId: HOSTILE },
  cutoutScience: Buffer.from(HOSTILE),
  cutoutDifference: { fileName: HOSTILE, stampData: stamp() },
};
