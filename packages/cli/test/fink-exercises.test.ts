import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { syntheticZtf, type ZtfAlert, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { parseSchema, readContainer } from '@apf/core';
import { testStep } from '@apf/core/testing';
import PlotAlerts from '../../../templates/examples/fink-exercises/plot-alerts.js';
import RejectSolarSystem from '../../../templates/examples/fink-exercises/reject-solar-system.js';
import SaveAlerts from '../../../templates/examples/fink-exercises/save-alerts.js';

const schema = parseSchema(ZTF_ALERT_SCHEMA);
const NIGHT = { seed: 5, objects: 6, now: new Date('2024-02-01T20:00:00Z') };

describe("the exercises of Fink's tutorial", () => {
  const alerts = [...syntheticZtf(NIGHT)].map(({ alert }) => alert);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-exercises-'));
    process.env.OUTPUT = folder;
  });
  afterEach(() => {
    delete process.env.OUTPUT;
    rmSync(folder, { recursive: true });
  });

  it('1: plots the cutouts and the light curve of each alert', async () => {
    const { deadLetters } = await testStep(PlotAlerts, alerts);
    expect(deadLetters).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(
      alerts.map(({ objectId, candid }) => `${objectId}_${candid}.svg`).sort(),
    );
    const { objectId, candid } = alerts[0]!;
    const svg = readFileSync(join(folder, `${objectId}_${candid}.svg`), 'utf8');
    expect(svg.match(/<image /g)).toHaveLength(3);
    for (const text of [
      'Science',
      'Template',
      'Difference',
      'Days to this alert',
      'Difference magnitude',
      objectId,
    ])
      expect(svg).toContain(text);
  });

  it('2: saves each alert, and reads it again with equal values', async () => {
    expect((await testStep(SaveAlerts, alerts, { schema })).deadLetters).toEqual([]);
    for (const alert of alerts) {
      const bytes = readFileSync(join(folder, `${alert.objectId}_${alert.candid}.avro`));
      expect(readContainer(bytes).records).toEqual([alert]);
    }
    expect(readdirSync(folder)).toHaveLength(alerts.length);
  });

  it('3: rejects alerts in [0, 5) arcsec of a known body, and keeps those of which nothing is known', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const near = (ssdistnr: number | null, ssnamenr: string | null): ZtfAlert => ({
      ...alerts[0]!,
      candidate: { ...alerts[0]!.candidate, ssdistnr, ssnamenr },
    });
    const kept = [near(-999, 'null'), near(null, null), near(5, '1999 AB1'), near(29.5, '1999 AB1')];
    const rejected = [near(0, '2011 UK'), near(4.99, null), near(3.25, 'null')];
    const { results, deadLetters } = await testStep(RejectSolarSystem<ZtfAlert>, [...rejected, ...kept]);
    expect(deadLetters).toEqual([]);
    expect(results).toEqual(kept);
    expect(said.mock.calls.flat()).toEqual([
      'WARNING: alert close to known solar system object: 0.00 arcsec from 2011 UK',
      'WARNING: alert close to known solar system object: 4.99 arcsec from an unnamed one',
      'WARNING: alert close to known solar system object: 3.25 arcsec from an unnamed one',
    ]);
    said.mockRestore();
  });
});
