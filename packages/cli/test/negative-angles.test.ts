import { jest } from '@jest/globals';
import { main } from '../src/main.js';
import { negativeAngles } from '../src/negative-angles.js';

describe('an argument that begins with a dash and a digit', () => {
  it('is an angle where it is no number', () => {
    expect(negativeAngles(['-05:30:00', '-5d30m', '-.5', '-5.5', '-1', '--limit', '-h', '-5e1'])).toEqual([
      ' -05:30:00',
      ' -5d30m',
      '-.5',
      '-5.5',
      '-1',
      '--limit',
      '-h',
      '-5e1',
    ]);
  });

  it.each(['-05:30:00', '-5d30m00s', '-5.5'])('reaches its command: %s', async (dec) => {
    const said: unknown[] = [];
    const error = jest.spyOn(console, 'error').mockImplementation((text) => void said.push(text));
    const code = await main(['db', 'cone', '10:02:00', dec, '5arcsec', '--database', 'nowhere.sqlite']);
    error.mockRestore();
    expect(said.join()).toContain('there is no database');
    expect(code).toBe(1);
  });
});
