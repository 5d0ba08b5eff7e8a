import { plotAlertText } from '../../src/plot/plot-alert-text.js';
import { HOSTILE_ALERT, LSST_ALERT, ZTF_ALERT } from './alerts.js';

const plain = (alert: unknown, columns = 80): string[] =>
  plotAlertText(alert, { columns, colour: false }).split('\n');

describe('the picture of an alert in a terminal', () => {
  it('has the stamps in greys, north up', () => {
    const lines = plain(ZTF_ALERT);
    const heads = lines.findIndex((line) => line.startsWith('Science'));
    const width = 25;
    expect(lines[heads]!.indexOf('Template')).toBe(width + 2);
    const stamp = lines.slice(heads + 1, heads + 14).map((line) => line.slice(0, width));
    const sources = stamp.map((line) => /[^ .:]/.test(line));
    // One in the middle, and one to the north of it.
    expect(sources.flatMap((has, row) => (has ? [row] : []))).toEqual([1, 6]);
    expect(stamp[6]!.search(/[^ .:]/)).toBe(12);
  });

  it('has the light curve: letters of bands, capital ones where the source faded, limits and error bars', () => {
    const lines = plain(ZTF_ALERT);
    const start = lines.findIndex((line) => line.startsWith('Difference magnitude'));
    expect(lines[start]).toBe(
      'Difference magnitude   g r   capital: fainter than the template   ▾ upper limit',
    );
    const panel = lines.slice(start + 1, start + 17).map((line) => line.slice(11));
    const row = (mark: string): number => panel.findIndex((line) => line.includes(mark));
    const column = (mark: string): number => panel[row(mark)]!.indexOf(mark);
    expect(row('R')).toBeLessThan(row('g'));
    expect(row('g')).toBeLessThan(row('▾'));
    expect(column('▾')).toBeLessThan(column('R'));
    expect(column('R')).toBeLessThan(column('g'));
    expect(panel.join('')).toMatch(/[\u2801-\u28ff]/);
    expect(lines[start + 1 + 16]).toMatch(/└─+$/);
    expect(lines[start + 18]).toMatch(/−20 +−15 +−10 +−5 +0/);
  });

  it('fits into the columns of the terminal, and shows colours where they are wanted', () => {
    for (const columns of [48, 80, 131, 200, 5000]) {
      for (const alert of [ZTF_ALERT, LSST_ALERT]) {
        const longest = Math.max(
          ...plain(alert, columns)
            .slice(2)
            .map((line) => line.length),
        );
        expect(longest).toBeLessThanOrEqual(Math.max(80, Math.min(200, columns)));
      }
    }
    // eslint-disable-next-line no-control-regex
    const codes = /\u001b\[[\d;]*m/g;
    const coloured = plotAlertText(ZTF_ALERT, { columns: 80, colour: true });
    expect(coloured).toContain('\u001b[38;5;39mg\u001b[0m');
    expect(coloured).toContain('▀');
    expect(coloured.replace(codes, '').split('\n').slice(-20)).toEqual(plain(ZTF_ALERT).slice(-20));
  });

  it('lets no terminal code of an alert through', () => {
    // eslint-disable-next-line no-control-regex
    expect(plain(HOSTILE_ALERT).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('shows an alert without a measurement', () => {
    expect(plain({ objectId: 'ZTF', candidate: { fid: 1 } }).join('\n')).toContain('no measurement to show');
  });
});
