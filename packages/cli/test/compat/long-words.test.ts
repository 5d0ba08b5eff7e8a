import { longWords } from '../../src/compat/long-words.js';

describe('single-dash words', () => {
  it('become long options, with dashes for underscores', () => {
    expect(longWords(['-config', 'x', '-nalerts_per_obs', '3', '--to_display=a_b', '-outdir=d_e'])).toEqual([
      ...['--config', 'x', '--nalerts-per-obs', '3', '--to-display=a_b', '--outdir=d_e'],
    ]);
  });

  it('leaves letters, numbers, values, and what follows -- alone', () => {
    const words = ['-h', '-c', 'a_b', '-1', '-0.5', '-', '-n5', 'x-y_z', '--', '-config', '--a_b'];
    expect(longWords(words)).toEqual(words);
  });
});
