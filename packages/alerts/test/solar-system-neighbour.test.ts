import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContainer } from '@apf/core';
import { solarSystemNeighbour } from '../src/solar-system-neighbour.js';

const alertAt = (ssdistnr: unknown, ssnamenr: unknown = '2011 UK'): object => ({
  candidate: { ssdistnr, ssnamenr },
});

describe('the neighbour of an alert in the solar system', () => {
  it('is within [0, 5) arcsec, and is none where nothing is known', () => {
    expect(solarSystemNeighbour(alertAt(0))).toEqual({ distance: 0, name: '2011 UK' });
    expect(solarSystemNeighbour(alertAt(4.99, 'null'))).toEqual({ distance: 4.99, name: null });
    for (const distance of [5, 12, -999, null, undefined, NaN, -1, 'near'])
      expect(solarSystemNeighbour(alertAt(distance))).toBeNull();
    expect(solarSystemNeighbour(alertAt(7), 10)).toMatchObject({ distance: 7 });
    expect(solarSystemNeighbour(null)).toBeNull();
  });
});

const alerts = process.env.APF_ALERTS;
if (!alerts) console.warn('APF_ALERTS is not set: no neighbour of a real alert is looked for');

(alerts ? describe : describe.skip)('neighbours of real ZTF alerts', () => {
  it('are found at a distance of 0 too, where most are', () => {
    const folder = join(alerts ?? '', 'fink-alert-simulator', 'datasim');
    const distances = readdirSync(folder)
      .filter((name) => name.endsWith('.avro'))
      .map((name) => readContainer(readFileSync(join(folder, name))).records[0])
      .flatMap((alert) => solarSystemNeighbour(alert)?.distance ?? []);
    expect(distances.filter((distance) => distance === 0).length).toBeGreaterThan(distances.length / 2);
    expect(distances.length).toBeGreaterThan(10);
  });
});
