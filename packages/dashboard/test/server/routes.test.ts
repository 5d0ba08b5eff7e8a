import { syntheticZtf } from '@apf/alerts';
import { parseJson } from '@apf/core';
import type { AlertsView, AlertView, ApiError, DashboardInfo, SkyView } from '../../src/page-api';
import { memoryFeed } from '../memory-feed';
import { get, served } from '../served';

const alerts = [...syntheticZtf({ seed: 2, objects: 12, now: new Date('2026-11-20') })].map(
  ({ alert }) => alert,
);

async function error(url: string, path: string): Promise<ApiError & { status: number }> {
  const response = await fetch(new URL(path, url));
  return { status: response.status, ...((await response.json()) as ApiError) };
}

describe('the routes', () => {
  it('say what there is to see', async () => {
    const dashboard = await served({ alerts: memoryFeed(alerts), source: 'files', title: 'a night' });
    expect(await get<DashboardInfo>(dashboard, '/api/info')).toEqual({
      version: '1.2.3',
      title: 'a night',
      source: 'files',
      views: ['alerts', 'sky'],
      topics: ['alerts'],
      allowReplay: false,
    });
  });

  it('list the latest alerts first, with ids to the last digit', async () => {
    const dashboard = await served({ alerts: memoryFeed(alerts) });
    const { columns, rows, kept, matching } = await get<AlertsView>(dashboard, '/api/alerts?limit=3');
    const last = alerts.at(-1)!;
    expect({ kept, matching }).toEqual({ kept: alerts.length, matching: alerts.length });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ alertId: String(last.candid), objectId: last.objectId, survey: 'ztf' });
    const magnitude = columns.findIndex(({ key }) => key === 'candidate.magpsf');
    expect(rows[0]!.cells[magnitude]).toBeCloseTo(last.candidate.magpsf, 5);
    expect(columns[magnitude]).toMatchObject({ unit: 'mag', kind: 'number' });
  });

  it('filter by an expression, and say where it is wrong', async () => {
    const dashboard = await served({ alerts: memoryFeed(alerts) });
    const bright = alerts.filter(({ candidate }) => candidate.magpsf < 19);
    const filtered = await get<AlertsView>(dashboard, '/api/alerts?filter=candidate.magpsf%20%3C%2019');
    expect(filtered.matching).toBe(bright.length);
    expect(new Set(filtered.rows.map(({ alertId }) => alertId))).toEqual(
      new Set(bright.map(({ candid }) => String(candid))),
    );
    const none = await get<AlertsView>(dashboard, '/api/alerts?filter=candidate.magpsf%20%3C%200');
    expect(none).toMatchObject({ rows: [], columns: filtered.columns });
    expect(await error(dashboard.url, '/api/alerts?filter=candidate.rb%20%3E')).toMatchObject({
      status: 400,
      code: 'APF_EXPRESSION',
      at: 14,
    });
  });

  it('show one alert, by its id or its place', async () => {
    const dashboard = await served({ alerts: memoryFeed(alerts) });
    const { candid, objectId } = alerts[1]!;
    const byId = await get<AlertView>(dashboard, `/api/alert?id=${candid}`);
    expect(await get<AlertView>(dashboard, '/api/alert?topic=alerts&partition=0&offset=1')).toEqual(byId);
    expect(byId).toMatchObject({ alertId: String(candid), objectId, survey: 'ztf' });
    expect(byId.cutouts.map(({ name, width, height }) => [name, width, height])).toEqual(
      ['Science', 'Template', 'Difference'].map((name) => [name, 63, 63]),
    );
    const pixels = Buffer.from(byId.cutouts[0]!.pixels, 'base64');
    expect(pixels).toHaveLength(4 * 63 * 63);
    expect(byId.cutouts[0]).toMatchObject({ oriented: 'survey', compass: { north: [0, 1], east: [-1, 0] } });
    expect(byId.fields.children!.find(({ name }) => name === 'candid')).toMatchObject({
      kind: 'integer',
      value: String(candid),
    });
    expect(byId.links.map(({ url }) => url)).toContain(`https://alerce.online/object/${objectId}`);
  });

  it('put the light curve together from all alerts of the object, of which one is the alert', async () => {
    const { objectId } = alerts[0]!;
    const same = alerts.filter((alert) => alert.objectId === objectId);
    expect(same.length).toBeGreaterThan(1);
    const dashboard = await served({ alerts: memoryFeed(alerts) });
    const { lightCurve } = await get<AlertView>(dashboard, `/api/alert?id=${same[0]!.candid}`);
    expect(lightCurve!.alerts).toBe(same.length);
    const ids = lightCurve!.curve.points.filter(({ kind }) => kind === 'detection').map(({ id }) => id);
    for (const { candid } of same) expect(ids.filter((id) => id === String(candid))).toHaveLength(1);
    expect(lightCurve!.curve.points.filter(({ isAlert }) => isAlert).map(({ id }) => id)).toEqual([
      String(same[0]!.candid),
    ]);
  });

  it('give the alert as it came and as JSON, as files that are saved and never shown', async () => {
    const hostile = { objectId: '../../<img src=x>"\r\nx: y', candid: 123456789012345678n, html: '<script>' };
    const dashboard = await served({ alerts: memoryFeed([hostile]) });
    const raw = await fetch(new URL('/api/alert/raw?topic=alerts&partition=0&offset=0', dashboard.url));
    expect(await raw.text()).toBe('bytes');
    const json = await fetch(new URL('/api/alert/json?topic=alerts&partition=0&offset=0', dashboard.url));
    expect(parseJson(await json.text())).toEqual(hostile);
    for (const { headers } of [raw, json]) {
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.+-]+"$/);
      expect(headers.get('content-disposition')).not.toMatch(/"\.|\//);
    }
  });

  it('say what is wrong with a question', async () => {
    const { url } = await served({ alerts: memoryFeed(alerts) });
    const status = async (path: string): Promise<number> => (await error(url, path)).status;
    expect(await status('/api/alert?id=no-such')).toBe(404);
    expect(await status('/api/alert?topic=alerts&partition=0&offset=99999')).toBe(404);
    expect(await status('/api/alert?topic=alerts')).toBe(400);
    expect(await status('/api/alert?topic=alerts&partition=-1&offset=x')).toBe(400);
    expect(await status('/api/alerts?limit=1001')).toBe(400);
    expect(await status('/api/alerts?topic=a&topic=b')).toBe(400);
    expect(await status('/api/letter?id=x')).toBe(404);
    expect(await status('/api/nothing')).toBe(404);
  });

  it('place alerts in the sky, with the class that another topic tells of their object', async () => {
    const { objectId } = alerts[0]!;
    const classification = { objectId, candid: 1n, probabilities: { SN: 0.7, AGN: 0.3 } };
    const dashboard = await served({ alerts: memoryFeed([...alerts, classification]) });
    const { positions, classes } = await get<SkyView>(dashboard, '/api/sky');
    expect(positions).toHaveLength(alerts.length);
    expect(positions[0]).toMatchObject({
      objectId,
      ra: alerts[0]!.candidate.ra,
      dec: alerts[0]!.candidate.dec,
      class: 'SN',
    });
    expect(classes.find(({ name }) => name === 'SN')!.count).toBe(
      alerts.filter((alert) => alert.objectId === objectId).length,
    );
  });
});
