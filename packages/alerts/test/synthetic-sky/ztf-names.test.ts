import type { SkyObject } from '../../src/synthetic-sky/sky-object.js';
import type { Visit } from '../../src/synthetic-sky/survey.js';
import { candidateId, imageName, objectName, processingId } from '../../src/synthetic-sky/ztf-names.js';

// Noon UTC on 2017-01-02 is day 1.5 of ZTF's count.
const visit = { jd: 2457756, fid: 1 } as Visit;
const object = (id: number): SkyObject => ({ id, ra: 100, dec: 20 }) as SkyObject;

describe('the ids of the synthetic sky', () => {
  it('are built as those of ZTF: night and fraction, channel, sub-image, sign, row', () => {
    expect(processingId(object(5), visit)).toBe(150000_05_15n);
    expect(candidateId(object(5), visit, true)).toBe(150000_05_15_00_5_000n);
    expect(candidateId(object(64_000 + 64 * 12 + 5), visit, false)).toBe(150000_05_15_01_0_012n);
  });

  it('differ between all objects of one exposure', () => {
    const ids = new Set(Array.from({ length: 200_000 }, (_, id) => candidateId(object(id), visit, true)));
    expect(ids.size).toBe(200_000);
  });

  it('name every object differently, with the year of its first detection', () => {
    const names = new Set(Array.from({ length: 200_000 }, (_, id) => objectName(id, 12_345, 2458849.6)));
    expect(names.size).toBe(200_000);
    for (const name of [...names].slice(0, 100)) expect(name).toMatch(/^ZTF20[a-z]{7}$/);
    expect(objectName(0, 0, 2458849.4)).toBe('ZTF19aaaaaaa');
  });

  it('name the image by date, fraction of the day, field, filter, CCD and quadrant', () => {
    expect(imageName(object(6), visit)).toBe('ztf_20170102500000_000572_zg_c02_o_q3_scimrefdiffimg.fits');
  });
});
