import { UsageError } from '@apf/core';
import { lightCurveOf } from '../../src/light-curve/light-curve-of.js';
import { plotAlert } from '../../src/plot/plot-alert.js';
import { plotAlertHtml } from '../../src/plot/plot-alert-html.js';
import { HOSTILE_ALERT, LSST_ALERT, ZTF_ALERT } from './alerts.js';

/** The attributes of all elements of a kind. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries(
      [...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!] as const),
    ),
  );
}

/** The marks of the panel, where the mouse finds their text. */
function marks(svg: string): { x: number; y: number; fill: string; title: string }[] {
  return [
    ...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*fill="([^"]+)"[^>]*><title>([^<]*)</g),
  ].map(([, x, y, fill, title]) => ({ x: Number(x), y: Number(y), fill: fill!, title: title! }));
}

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);

describe('the picture of an alert', () => {
  const svg = plotAlert(ZTF_ALERT);

  it('says what it shows', () => {
    expect(texts(svg).slice(0, 2)).toEqual([
      'ZTF18abcdefg',
      'ZTF 1250000000000000001 · 2020-05-31 06:00:00 UTC · RA 150.10000° Dec −2.20000° · g band',
    ]);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Days to this alert',
        'Difference magnitude',
        'g',
        'r',
        'fainter than the template',
        'upper limit',
      ]),
    );
    expect(texts(svg)).not.toContain('forced photometry');
  });

  it('has three stamps side by side, each with a compass and a scale', () => {
    const images = elements(svg, 'image');
    expect(images).toHaveLength(3);
    const lefts = images.map(({ x }) => Number(x));
    expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
    expect(new Set(images.map(({ y }) => y)).size).toBe(1);
    for (const { href } of images) expect(href).toMatch(/^data:image\/png;base64,iVBOR/);
    const all = texts(svg);
    expect(all.filter((text) => text === 'N')).toHaveLength(3);
    expect(all.filter((text) => text === '20″')).toHaveLength(3);
    expect(all.slice(2)).toEqual(
      expect.arrayContaining(['Science', 'Template', 'Difference (template − science)']),
    );
  });

  it('puts brighter points higher and later ones to the right, hollow where the source faded', () => {
    const [before, alert] = marks(svg) as [ReturnType<typeof marks>[0], ReturnType<typeof marks>[0]];
    expect(before).toMatchObject({
      fill: '#fff',
      title: expect.stringMatching(/^detection r 17 ± 0.1, fainter/),
    });
    expect(alert).toMatchObject({ fill: '#1f77b4', title: expect.stringMatching(/^detection g 18 ± 0.1\n/) });
    expect(before.y).toBeLessThan(alert.y);
    expect(before.x).toBeLessThan(alert.x);
    const limit = /<polygon [^>]*opacity="0.5"[^>]*><title>upper limit r 20\n/.exec(svg);
    expect(limit).not.toBeNull();
  });

  it('shows the object itself where it is asked to', () => {
    const apparent = plotAlert(ZTF_ALERT, { quantity: 'apparent' });
    expect(texts(apparent)).toContain('Apparent magnitude');
    expect(marks(apparent).map(({ fill }) => fill)).not.toContain('#fff');
    expect(texts(plotAlert(ZTF_ALERT, { quantity: 'flux' }))).toContain('Difference flux [nJy]');
  });

  it('shows fluxes of LSST and ELAsTiCC in their own units, brighter upwards', () => {
    const lsst = plotAlert(LSST_ALERT);
    expect(texts(lsst)).toEqual(
      expect.arrayContaining(['313761043604045880', 'Difference flux [nJy]', 'forced photometry']),
    );
    expect(elements(lsst, 'image')).toEqual([]);
    const titles = [...lsst.matchAll(/<title>(\w+) (\w) ([\d.e-]+)/g)].map(([, ...parts]) => parts);
    expect(titles).toEqual([
      ['forced', 'i', '5'],
      ['detection', 'u', '-1000'],
      ['detection', 'i', '3000'],
    ]);
    const elasticc = {
      diaSource: {
        diaSourceId: 1n,
        midPointTai: 60000,
        filterName: 'Y',
        ra: 1,
        decl: 2,
        psFlux: 10,
        psFluxErr: 1,
      },
    };
    expect(texts(plotAlert(elasticc))).toContain('Difference flux [zero point 27.5]');
  });

  it('takes the light curve of several alerts', () => {
    const lightCurve = lightCurveOf(ZTF_ALERT)!;
    const more = { ...lightCurve, points: [...lightCurve.points, ...lightCurve.points] };
    expect(marks(plotAlert(ZTF_ALERT, { lightCurve: more }))).toHaveLength(4);
  });

  it('leaves out what would make a picture too large, and says so', () => {
    const [point] = lightCurveOf(LSST_ALERT)!.points;
    const lightCurve = { ...lightCurveOf(LSST_ALERT)!, points: Array.from({ length: 10_007 }, () => point!) };
    expect(texts(plotAlert(LSST_ALERT, { lightCurve }))).toContain('7 earlier measurements left out');
  });

  it('shows an alert without a measurement, and none that is no alert', () => {
    const empty = { objectId: 'ZTF', candidate: { fid: 1 } };
    expect(texts(plotAlert(empty))).toContain('the alert has no measurement to show');
    expect(() => plotAlert({ probabilities: {} })).toThrow(UsageError);
  });

  it('escapes what an alert says, and names a stamp that cannot be read', () => {
    for (const markup of [plotAlert(HOSTILE_ALERT), plotAlertHtml(HOSTILE_ALERT)]) {
      expect(markup).not.toMatch(/<script|<!--|-->|]]>/);
      // eslint-disable-next-line no-control-regex
      expect(markup).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e\uffff]/);
      expect(markup).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;[31m');
      expect(markup).toContain('the FITS image cannot be read: its header has no END');
    }
  });
});

describe('the page of an alert', () => {
  it('is one file that loads nothing, with the picture and the measurements', () => {
    const html = plotAlertHtml(ZTF_ALERT);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("default-src 'none'");
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<link/);
    expect(html).toContain('<svg');
    const rows = [...html.matchAll(/<tr[^>]*>(.*)<\/tr>/g)].map(([, row]) => row!.replace(/<[^>]*>/g, '|'));
    expect(rows).toHaveLength(4);
    expect(rows[3]).toContain('|detection||g||59000.250000||229087||21099.7||18||0.1||20.5|');
    expect(html.match(/<tr class="alert">/g)).toHaveLength(1);
  });
});
