import type { Field } from '../../../src/synthetic-sky/schedule.js';
import type { SkyObject } from '../../../src/synthetic-sky/sky-object.js';
import { candidateId, imageName, objectName, processingId } from '../../../src/synthetic-sky/ztf/names.js';

// Noon UTC on 2017-01-02 is day 1.5 of ZTF's count.
const jd = 2457756;
const object = (slot: number): SkyObject => ({ slot }) as SkyObject;

describe('the ids of the synthetic ZTF', () => {
  it('are built as those of ZTF: night and fraction, channel, sub-image, sign, row', () => {
    expect(processingId({ detector: 5 }, jd)).toBe(150000_05_15n);
    expect(candidateId({ detector: 5 }, object(0), jd, true)).toBe(150000_05_15_01_5_000n);
    expect(candidateId({ detector: 63 }, object(2012), jd, false)).toBe(150000_63_15_03_0_012n);
  });

  it('differ between all objects of a field', () => {
    const ids = Array.from({ length: 90_000 }, (_, slot) =>
      candidateId({ detector: 7 }, object(slot), jd, slot % 2 === 0),
    );
    expect(new Set(ids).size).toBe(90_000);
  });

  it('name every object differently, with the year of its first detection', () => {
    const names = new Set(
      Array.from({ length: 200_000 }, (_, id) => objectName(id * 8192, 12_345, 2458849.6)),
    );
    expect(names.size).toBe(200_000);
    for (const name of [...names].slice(0, 100)) expect(name).toMatch(/^ZTF20[a-z]{7}$/);
    expect(objectName(0, 0, 2458849.4)).toBe('ZTF19aaaaaaa');
  });

  it('name the image by date, fraction of the day, field, filter, CCD and quadrant', () => {
    const field = { ra: 100, dec: 20 } as Field;
    const exposure = { jd, band: 'g' } as Parameters<typeof imageName>[2];
    expect(imageName(field, { detector: 6, x: 0, y: 0 }, exposure)).toBe(
      'ztf_20170102500000_000572_zg_c02_o_q3_scimrefdiffimg.fits',
    );
  });
});
