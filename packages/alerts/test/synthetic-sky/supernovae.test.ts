import { BANDS, perBand } from '../../src/synthetic-sky/bands.js';
import {
  distanceModulus,
  peakMagnitudes,
  shapeOf,
  supernova,
  SUPERNOVA_TYPES,
} from '../../src/synthetic-sky/supernovae.js';

const extinction = perBand(0, 0, 0, 0, 0, 0);
const days = Array.from({ length: 2600 }, (_, i) => -40 + i / 10);

describe('synthetic supernovae', () => {
  it.each(SUPERNOVA_TYPES.flatMap((type) => BANDS.map((band) => [type, band] as const)))(
    'of type %s rise in %s to a maximum of 1 and fade away',
    (type, band) => {
      const shape = days.map((day) => shapeOf(type, band, day));
      const top = Math.max(...shape);
      expect(top).toBeGreaterThan(0.999);
      expect(top).toBeLessThan(1.001);
      expect(shape.every((flux) => flux >= 0)).toBe(true);
      const at = days[shape.indexOf(top)]!;
      expect(Math.abs(at)).toBeLessThan(16);
      expect(shapeOf(type, band, at - 25)).toBeLessThan(0.1);
      expect(shapeOf(type, band, at + 150)).toBeLessThan(0.2);
      for (const [i, day] of days.entries())
        if (i > 0 && day <= at) expect(shape[i]! >= shape[i - 1]!).toBe(true);
    },
  );

  it('of type Ia have a second maximum in i, not in g', () => {
    const rises = (band: 'g' | 'i'): boolean =>
      days.some((day) => day > 10 && shapeOf('Ia', band, day + 0.1) > shapeOf('Ia', band, day));
    expect(rises('i')).toBe(true);
    expect(rises('g')).toBe(false);
  });

  it('of type II stay on a plateau, and fall from it', () => {
    expect(shapeOf('II', 'r', 60)).toBeGreaterThan(0.6);
    expect(shapeOf('II', 'r', 120)).toBeLessThan(0.15);
  });

  it('are as bright at maximum as their distance makes them, and slowed down by their redshift', () => {
    const event = {
      type: 'Ia',
      redshift: 0.1,
      maximum: 2461000,
      deviation: 0,
      stretch: 1,
      extinction,
    } as const;
    const { r } = peakMagnitudes(event);
    expect(r).toBeCloseTo(-19.3 + 38.3, 1);
    const [peak, later] = supernova(event)([2461000, 2461011].map((jd) => ({ jd, band: 'r' as const })));
    expect(-2.5 * Math.log10(peak!)).toBeCloseTo(r, 3);
    expect(later! / peak!).toBeCloseTo(shapeOf('Ia', 'r', 10), 3);
    expect(supernova(event)([{ jd: 2460900, band: 'g' }])).toEqual([0]);
  });

  it('have distances that agree with the integral over a flat universe', () => {
    for (const redshift of [0.01, 0.1, 0.3, 0.5]) {
      const steps = 2000;
      let comoving = 0;
      for (let i = 0; i < steps; i++)
        comoving += 1 / Math.sqrt(0.3 * (1 + ((i + 0.5) * redshift) / steps) ** 3 + 0.7);
      const luminosity = ((1 + redshift) * 299_792.458 * comoving * redshift) / steps / 70;
      expect(Math.abs(distanceModulus(redshift) - 5 * Math.log10(luminosity) - 25)).toBeLessThan(0.01);
    }
  });
});
