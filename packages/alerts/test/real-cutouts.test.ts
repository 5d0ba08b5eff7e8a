import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContainer } from '@apf/core';
import { readFits } from '../src/fits.js';
import type { ZtfAlert } from '../src/ztf-alert.js';

const alerts = process.env.APF_ALERTS;
const describeReal = alerts ? describe : describe.skip;
if (!alerts) console.warn('APF_ALERTS is not set: no cutout of a real alert is read');

describeReal('real ZTF cutouts', () => {
  const folder = join(alerts ?? '', 'fink-alert-simulator', 'datasim');

  it('are images of 63 x 63 pixels, fewer at an edge, the change brightest in the middle of most', () => {
    let [centred, count] = [0, 0];
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.avro'))) {
      const [alert] = readContainer<ZtfAlert>(readFileSync(join(folder, name))).records;
      for (const cutout of [alert!.cutoutScience, alert!.cutoutTemplate, alert!.cutoutDifference]) {
        const { width, height, pixels } = readFits(cutout!.stampData);
        expect(Math.max(width, height)).toBe(63);
        expect(pixels).toHaveLength(width * height);
      }
      const { width, height, pixels } = readFits(alert!.cutoutDifference!.stampData);
      const brightest = pixels.indexOf(Math.max(...pixels.filter((value) => !Number.isNaN(value))));
      // A smaller one does not say which edge was cut off.
      if (width < 63 || height < 63) continue;
      count++;
      if (Math.hypot((brightest % 63) - 31, Math.floor(brightest / 63) - 31) < 3) centred++;
    }
    expect(count).toBeGreaterThan(50);
    expect(centred / count).toBeGreaterThan(0.5);
  });
});
