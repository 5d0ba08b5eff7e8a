import type { CardValue } from '../../src/fits/header.js';
import { orient } from '../../src/cutouts/orient.js';
import { skyAxesOf } from '../../src/cutouts/sky-axes.js';

/** Two rows, the lower first: 1 2 3, and 4 5 6 above. */
const IMAGE = { width: 3, height: 2, pixels: new Float32Array([1, 2, 3, 4, 5, 6]) };

const SIZE = 0.2 / 3600;
/** Pixels of 0.2 arcsec whose north is turned from up to the left by an angle [deg]; east is to the left of north. */
function turnedBy(angle: number, keywords: 'PC' | 'CD' = 'PC'): ReadonlyMap<string, CardValue> {
  const [sin, cos] = [Math.sin((angle * Math.PI) / 180) * SIZE, Math.cos((angle * Math.PI) / 180) * SIZE];
  return new Map<string, CardValue>([
    ['WCSAXES', 2],
    [`${keywords}1_1`, -cos],
    [`${keywords}1_2`, -sin],
    [`${keywords}2_1`, -sin],
    [`${keywords}2_2`, cos],
  ]);
}

const look = (cards: ReadonlyMap<string, CardValue>, survey?: 'ztf'): ReturnType<typeof orient> =>
  orient(IMAGE, skyAxesOf(cards, survey));

describe('the orientation of cutouts', () => {
  it('is that of FITS viewers where nothing is known', () => {
    expect(look(new Map())).toEqual({
      width: 3,
      height: 2,
      pixels: new Float32Array([4, 5, 6, 1, 2, 3]),
      compass: null,
      pixelSize: null,
    });
    const galactic = new Map<string, CardValue>([
      ...turnedBy(0),
      ['CTYPE1', 'GLON-TAN'],
      ['CTYPE2', 'GLAT-TAN'],
    ]);
    expect(look(galactic).compass).toBeNull();
    expect(
      look(
        new Map<string, CardValue>([
          ['PC1_1', 0],
          ['PC2_2', 1],
        ]),
      ).compass,
    ).toBeNull();
  });

  it("puts ZTF's first row at the top: north is up, east left", () => {
    const { pixels, compass, pixelSize } = look(new Map(), 'ztf');
    expect([...pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(compass!.north[1]).toBeCloseTo(1, 12);
    expect(compass!.east[0]).toBeCloseTo(-1, 12);
    expect(pixelSize).toBeCloseTo(1.01, 12);
  });

  it.each([
    [0, 3, [4, 5, 6, 1, 2, 3]],
    [90, 2, [1, 4, 2, 5, 3, 6]],
    [180, 3, [3, 2, 1, 6, 5, 4]],
    [-90, 2, [6, 3, 5, 2, 4, 1]],
  ])('turns an image whose north is %d degrees left of up', (angle, width, pixels) => {
    for (const keywords of ['PC', 'CD'] as const) {
      const seen = look(turnedBy(angle, keywords));
      expect(seen.width).toBe(width);
      expect([...seen.pixels]).toEqual(pixels);
      expect(seen.compass!.north[1]).toBeCloseTo(1, 9);
      expect(seen.compass!.east[0]).toBeCloseTo(-1, 9);
      expect(seen.pixelSize).toBeCloseTo(0.2, 9);
    }
  });

  it('leaves less than an eighth of a turn for the compass to tell', () => {
    for (let angle = -180; angle <= 180; angle += 7) {
      const { north, east } = look(turnedBy(angle)).compass!;
      expect(north[1]).toBeGreaterThan(0.707);
      expect(east[0]).toBeLessThan(-0.707);
      // East is a quarter turn counter-clockwise from north.
      expect(north[0] * east[1] - north[1] * east[0]).toBeCloseTo(1, 9);
    }
  });

  it('flips an image seen in a mirror', () => {
    const mirrored = new Map<string, CardValue>([
      ['CTYPE1', 'RA---TAN'],
      ['CTYPE2', 'DEC--TAN'],
      ['CDELT1', 0.001],
      ['CDELT2', 0.001],
      ['WCSAXES', 2],
    ]);
    const { pixels, compass } = look(mirrored);
    expect([...pixels]).toEqual([6, 5, 4, 3, 2, 1]);
    expect(compass!.east[0]).toBeCloseTo(-1, 12);
  });
});
