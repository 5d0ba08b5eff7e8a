import { bandStyle } from '../../src/plot/band-styles.js';

/** Relative luminance, as the Web Content Accessibility Guidelines define it. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the styles of bands', () => {
  it.each(['u', 'g', 'r', 'i', 'z', 'y', null])('are seen on black in band %p', (band) => {
    for (const survey of ['ztf', 'lsst', 'elasticc'] as const) {
      const { colour } = bandStyle(survey, band, 'dark');
      // 3:1 is what graphics need.
      expect((luminance(colour) + 0.05) / 0.05).toBeGreaterThan(3);
    }
  });

  it('have the same shape on black and on white', () => {
    expect(bandStyle('lsst', 'i', 'dark')).toEqual({ colour: '#2af5ff', shape: 'square' });
    expect(bandStyle('lsst', 'i')).toEqual({ colour: '#370201', shape: 'square' });
  });
});
