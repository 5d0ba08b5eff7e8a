import { correctMagnitude, type DifferencePhotometry, markDubious } from '@apf/alerts';
import fc from 'fast-check';

const detection: DifferencePhotometry = {
  isdiffpos: 1,
  mag: 20,
  e_mag: 0.1,
  magnr: 20,
  sigmagnr: 0.05,
  distnr: 0.5,
};

describe('the correction of a magnitude', () => {
  it('adds the flux of the reference', () => {
    // Twice the flux is 0.7526 mag brighter; of the two errors a half each is left.
    const { corrected, mag_corr, e_mag_corr, e_mag_corr_ext } = correctMagnitude(detection);
    expect(corrected).toBe(true);
    expect(mag_corr).toBeCloseTo(20 - 2.5 * Math.log10(2), 12);
    expect(e_mag_corr).toBeCloseTo(Math.sqrt(0.1 ** 2 - 0.05 ** 2) / 2, 12);
    expect(e_mag_corr_ext).toBeCloseTo(0.05, 12);
  });

  it('subtracts the flux of a difference that is fainter than the reference', () => {
    const { mag_corr } = correctMagnitude({ ...detection, isdiffpos: -1, magnr: 19 });
    expect(mag_corr).toBeCloseTo(-2.5 * Math.log10(10 ** -7.6 - 10 ** -8), 12);
  });

  it('gives back the difference of any two apparent magnitudes', () => {
    const magnitude = fc.double({ min: 12, max: 21, noNaN: true });
    fc.assert(
      fc.property(magnitude, magnitude, (before, now) => {
        const difference = 10 ** (-0.4 * now) - 10 ** (-0.4 * before);
        // So small a difference has hardly a digit left.
        fc.pre(Math.abs(difference) > 1e-6 * 10 ** (-0.4 * before));
        const seen = -2.5 * Math.log10(Math.abs(difference));
        const isdiffpos = difference > 0 ? 1 : -1;
        expect(correctMagnitude({ ...detection, isdiffpos, mag: seen, magnr: before }).mag_corr).toBeCloseTo(
          now,
          6,
        );
      }),
    );
  });

  it.each([
    ['too far away', { distnr: 1.4 }],
    ['of unknown distance', { distnr: null }],
    ['of a distance that ZTF marks as missing', { distnr: -999 }],
    ['without a magnitude', { magnr: null }],
  ])('leaves a detection alone whose source of the reference is %s', (_, change) => {
    expect(correctMagnitude({ ...detection, ...change })).toEqual({
      corrected: false,
      mag_corr: null,
      e_mag_corr: null,
      e_mag_corr_ext: null,
    });
  });

  it('has no magnitude where the reference leaves no flux, and no error where its own exceeds it', () => {
    expect(correctMagnitude({ ...detection, isdiffpos: -1 })).toEqual({
      corrected: true,
      mag_corr: null,
      e_mag_corr: null,
      e_mag_corr_ext: null,
    });
    expect(correctMagnitude({ ...detection, sigmagnr: 0.2 })).toMatchObject({ e_mag_corr: null });
    expect(correctMagnitude({ ...detection, sigmagnr: null })).toMatchObject({ e_mag_corr: null });
  });
});

describe('a dubious correction', () => {
  const of = (mjd: number, band: string, isdiffpos: number, corrected: boolean): object => ({
    mjd,
    band,
    isdiffpos,
    corrected,
  });

  it('contradicts the sign, or the first detection in its band, in whatever order they come', () => {
    const marked = markDubious([
      { mjd: 3, band: 'g', isdiffpos: 1, corrected: false },
      { mjd: 1, band: 'g', isdiffpos: 1, corrected: true },
      { mjd: 2, band: 'g', isdiffpos: -1, corrected: true },
      { mjd: 1, band: 'r', isdiffpos: 1, corrected: false },
      { mjd: 2, band: 'r', isdiffpos: -1, corrected: false },
      { mjd: 3, band: 'r', isdiffpos: 1, corrected: true },
    ]);
    expect(marked).toEqual([
      { ...of(3, 'g', 1, false), dubious: true },
      { ...of(1, 'g', 1, true), dubious: false },
      { ...of(2, 'g', -1, true), dubious: false },
      { ...of(1, 'r', 1, false), dubious: false },
      { ...of(2, 'r', -1, false), dubious: true },
      { ...of(3, 'r', 1, true), dubious: true },
    ]);
  });
});
