import { cutoutsOf } from '../../src/cutouts/cutouts-of.js';

describe('the cutouts of an alert', () => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];

  it('are found in records, as ZTF has them, and bare, as LSST does', () => {
    const ztf = {
      cutoutDifference: { fileName: 'd.fits.gz', stampData: b },
      cutoutScience: { fileName: 's', stampData: a },
    };
    expect(cutoutsOf(ztf)).toEqual([
      { name: 'Science', bytes: a, fileName: 's' },
      { name: 'Difference', bytes: b, fileName: 'd.fits.gz' },
    ]);
    expect(cutoutsOf({ cutoutTemplate: new Uint8Array(a) })).toEqual([
      { name: 'Template', bytes: a, fileName: null },
    ]);
  });

  it('are none where there are none', () => {
    const none = {
      cutoutScience: null,
      cutoutTemplate: Buffer.alloc(0),
      cutoutDifference: { stampData: 'text' },
    };
    expect(cutoutsOf(none)).toEqual([]);
    expect(cutoutsOf(null)).toEqual([]);
  });
});
