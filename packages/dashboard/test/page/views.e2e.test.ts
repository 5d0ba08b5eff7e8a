import { rm } from 'node:fs/promises';
import { FolderLetters } from '@apf/connectors';
import type { Page } from 'playwright-core';
import type { AlertView } from '../../src/page-api';
import { inBrowser } from '../browser';
import { eventually, get, served } from '../served';
import { inaccessible, picture, tooWide } from './inspected';
import { HOSTILE, hostileFeed, makeNight, type Night } from './night';

inBrowser('the page, of a night of alerts in files', (visit) => {
  let night: Night;
  beforeAll(async () => {
    night = await makeNight();
  });
  afterAll(() => rm(night.folder, { recursive: true, force: true }));

  const open = async (
    hash: string,
    options: Partial<Parameters<typeof served>[0]> = {},
  ): ReturnType<typeof visit> => {
    const letters = { store: new FolderLetters(night.letters), replay: () => Promise.resolve(0) };
    const dashboard = await served({
      title: 'a night of the synthetic sky',
      source: 'files',
      alerts: night.alerts,
      letters,
      ...options,
    });
    return visit(`${dashboard.url}#/${hash}`);
  };
  const view = (page: Page, name: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name }).click();

  it.each([
    ['alerts', () => 'alerts', (page: Page) => page.getByRole('cell', { name: String(night.latest.candid) })],
    ['alert', () => `alert?id=${night.supernova.objectId}`, (page: Page) => page.locator('.u-over')],
    ['alert-lsst', () => `alert?id=${night.lsst.objectId}`, (page: Page) => page.locator('.u-over')],
    ['letters', () => 'letters', (page: Page) => page.getByRole('table', { name: 'Each of them' })],
    [
      'letter',
      () => 'letter?id=ztf_20261119_programid1-0-4120',
      (page: Page) => page.getByRole('region', { name: 'Hexadecimal dump' }),
    ],
    ['sky', () => 'sky', (page: Page) => page.getByRole('table', { name: /The latest/ })],
  ] as const)('shows %s, by day and by night, to everybody, on a phone too', async (name, hash, shown) => {
    const { page, problems } = await open(hash());
    await shown(page).first().waitFor({ state: 'attached' });
    await picture(page, name);
    expect(await inaccessible(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, `${name}-dark`);
    expect(await inaccessible(page)).toEqual([]);
    expect(await tooWide(page)).toBe(0);
    await page.setViewportSize({ width: 360, height: 740 });
    // The plots follow the window's width once it is laid out.
    await eventually(
      () => tooWide(page),
      (by) => by === 0,
    );
    await picture(page, `${name}-phone`);
    expect(problems).toEqual([]);
  });

  it('is small: less than 300 kB of script', async () => {
    const { page } = await open('alerts');
    const scripts = await page
      .locator('script')
      .evaluateAll((all) => all.map((script) => (script as never as { src: string }).src));
    expect(scripts).toHaveLength(1);
    const bytes = await (await fetch(scripts[0]!)).arrayBuffer();
    expect(bytes.byteLength).toBeGreaterThan(50_000);
    expect(bytes.byteLength).toBeLessThan(300_000);
  });

  it('shows ids of 64 bits exactly', async () => {
    const { page } = await open(`alert?id=${night.lsst.objectId}`);
    const id = String(night.lsst.sourceId);
    expect(BigInt(Number(id))).not.toBe(BigInt(id));
    await page.getByRole('definition').filter({ hasText: id }).waitFor();
    await page.getByLabel('Find').fill(id);
    await page.getByText(/[1-9]\d* fields? found/).waitFor();
    await page.locator('.leaf').filter({ hasText: id }).first().waitFor();
    await view(page, 'Alerts');
    await page.getByRole('cell', { name: String(night.latest.candid), exact: true }).waitFor();
  });

  it('shows what a hostile alert says as text, and does nothing of it', async () => {
    const { alerts, candid } = await hostileFeed(night.folder);
    const { page, problems } = await open('alerts', { alerts });
    const shown = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">␛[31m⟨U+202E⟩';
    await page.getByRole('link', { name: shown, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: shown }).waitFor();
    await page
      .getByRole('definition')
      .filter({ hasText: String(candid) })
      .waitFor();
    await page.locator('.leaf').filter({ hasText: 'pdiffimfilename' }).filter({ hasText: shown }).waitFor();
    const links = await page.getByRole('link', { name: /ALeRCE|Fink|Lasair/ }).all();
    for (const link of links) expect(await link.getAttribute('href')).toMatch(/^https:\/\/[^<>"]*$/);
    await page.goto(page.url().replace(/#.*/, '#/letter?id=ztf_20261119_programid1-2-5310'));
    await page.getByText(`no cross-match for ${shown}`).first().waitFor();
    expect(HOSTILE).toContain('\u001b');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('takes a filter, and says beside it what is wrong with one', async () => {
    const { page } = await open('alerts');
    const field = page.getByRole('textbox', { name: 'Filter' });
    await field.fill('candidate.magpsf <');
    await field.press('Enter');
    const error = page.getByRole('alert');
    await error.waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toContain((await error.getAttribute('id'))!);
    await field.fill(`objectId == '${night.supernova.objectId}'`);
    await field.press('Enter');
    await page.getByText(/^\d+ of \d+ alerts pass the filter/).waitFor();
    const objects = await page.locator('tbody th').allTextContents();
    expect(new Set(objects)).toEqual(new Set([night.supernova.objectId]));
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText(/^The latest 50 of \d+ alerts/).waitFor();
  });

  it('sorts by a column, and says so', async () => {
    const { page } = await open('alerts');
    const head = page.getByRole('columnheader', { name: /^Magnitude/ });
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    const index = await head.evaluate((cell) => (cell as unknown as { cellIndex: number }).cellIndex);
    const cells = await page.locator(`tbody tr > :nth-child(${index + 1})`).allTextContents();
    const values = cells.filter((text) => text !== '–').map(Number);
    expect(values.length).toBeGreaterThan(10);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBeNull();
  });

  it('draws cutouts with each stretch, and between the same limits', async () => {
    const { page } = await open(`alert?id=${night.latest.candid}`);
    const science = page.getByRole('img', { name: /^Science image, \d+ × \d+ pixels, north near the top/ });
    const difference = page.getByRole('img', { name: /^Difference image/ });
    await science.waitFor();
    const drawing = (): Promise<string> =>
      science.evaluate((canvas) => (canvas as never as { toDataURL(): string }).toDataURL());
    const drawings = new Set<string>();
    for (const stretch of ['asinh', 'log', 'linear', 'zscale']) {
      await page.getByLabel('Stretch').selectOption(stretch);
      await eventually(drawing, (now) => !drawings.has(now));
      drawings.add(await drawing());
    }
    const limits = async (): Promise<(string | undefined)[]> =>
      Promise.all(
        [science, difference].map(
          async (image) => /from .*/.exec((await image.getAttribute('aria-label'))!)?.[0],
        ),
      );
    const [own, other] = await limits();
    expect(own).not.toBe(other);
    await page.getByLabel('Same limits for').selectOption('all');
    await eventually(limits, ([a, b]) => a === b);
  });

  it('shows the light curve in magnitudes, fluxes, by band, folded, and point by point', async () => {
    const { page } = await open(`alert?id=${night.variable.objectId}`);
    const plot = page.getByRole('application');
    const readout = page.locator('.readout');
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await readout.getByText('this alert').waitFor();
    expect(await readout.textContent()).toMatch(/ ± [\d.]+ mag · \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    await page.getByLabel('Show', { exact: true }).selectOption({ label: 'difference flux' });
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await readout.getByText(' nJy ').waitFor();

    const { lightCurve } = await get<AlertView>(
      { url: page.url() } as never,
      `/api/alert?id=${night.variable.objectId}`,
    );
    const bands = new Set(lightCurve!.curve.points.map(({ band }) => band));
    expect(bands.size).toBeGreaterThan(1);
    const boxes = page.getByRole('group', { name: 'Bands' }).getByRole('checkbox');
    expect(await boxes.count()).toBe(bands.size);
    for (const box of await boxes.all()) await box.uncheck();
    await page.getByText('No measurement to show').waitFor();
    for (const box of await boxes.all()) await box.check();

    await page.getByLabel('Period [d]').fill('12 h');
    await page.keyboard.press('Enter');
    await page.getByRole('application', { name: /folded on 0.5 d/ }).waitFor();
    await page.getByRole('button', { name: 'Twice the period' }).click();
    await page.getByRole('application', { name: /folded on 1 d/ }).waitFor();
    await picture(page, 'folded');
    await page.getByRole('button', { name: 'Unfold' }).click();
    await page.getByText('Measurements as a table').click();
    const rows = page.getByRole('table', { name: 'Measurements' }).locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(lightCurve!.curve.points.length);
  });

  it('zooms into the light curve by the mouse, and back', async () => {
    const { page } = await open(`alert?id=${night.supernova.objectId}`);
    const over = page.locator('.u-over');
    await over.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await over.boundingBox())!;
    const all = page.getByRole('button', { name: 'All', exact: true });
    expect(await all.isDisabled()).toBe(true);
    await page.mouse.move(x + width / 2, y + height / 4);
    await page.mouse.down();
    await page.mouse.move(x + width - 5, y + height - 5, { steps: 4 });
    await page.mouse.up();
    await eventually(() => all.isEnabled(), Boolean);
    await all.click();
    await eventually(() => all.isDisabled(), Boolean);
  });

  it('goes everywhere by the keyboard', async () => {
    const { page } = await open('alerts');
    await page.getByRole('cell', { name: String(night.latest.candid) }).waitFor();
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (let i = 0; (await focused()) !== night.latest.objectId; i++) {
      if (i > 40) throw new Error(`the first alert is not reached by Tab, but ${await focused()}`);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowDown');
    const second = await focused();
    expect(second).not.toBe(night.latest.objectId);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: night.latest.objectId }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await view(page, 'Sky');
    await page.getByRole('application', { name: /All-sky map/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    const [object] = (await page.locator('.sky .readout').textContent())!.split(' · ');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: object! }).waitFor();
  });

  it('opens the alert of a point in the sky, and leaves out classes', async () => {
    const { page } = await open('sky');
    const map = page.getByRole('application', { name: /All-sky map/ });
    await map.waitFor();
    const label = async (): Promise<string> => (await map.getAttribute('aria-label'))!;
    const before = await label();
    const box = page.getByRole('group', { name: 'Classes' }).getByRole('checkbox').first();
    await box.uncheck();
    await eventually(label, (now) => now !== before);
    await box.check();
    await map.focus();
    await page.keyboard.press('ArrowRight');
    const [object] = (await page.locator('.sky .readout').textContent())!.split(' · ');
    await page.getByRole('row').filter({ hasText: 'Object' }).waitFor();
    // The same place by the mouse: where the ring is drawn.
    const { x, y, width, height } = (await map.boundingBox())!;
    const at = await get<{ positions: { objectId: string; ra: number; dec: number }[] }>(
      { url: page.url() } as never,
      '/api/sky',
    );
    const { ra, dec } = at.positions.find(({ objectId }) => objectId === object)!;
    const { toMap } = await import('../../page/sky/hammer');
    const point = toMap({ ra, dec });
    const radius = (width / 2 - 18) / 2;
    await page.mouse.move(x + width / 2 + point.x * radius, y + height / 2 - point.y * radius);
    await page.mouse.click(x + width / 2 + point.x * radius, y + height / 2 - point.y * radius);
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sky' }).waitFor();
    expect(page.url()).toContain('#/alert?topic=');
  });

  it('asks before it replays, and offers it only where it is allowed', async () => {
    const asked: number[] = [];
    const store = new FolderLetters(night.letters);
    const { page } = await open('letters', {
      letters: { store, replay: (letters) => Promise.resolve(asked.push(letters.length)) },
    });
    await page.getByRole('button', { name: 'Replay all…' }).click();
    await page.getByRole('dialog', { name: 'Replay 3 dead letters?' }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Replay all…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('1 dead letter replayed.').waitFor();
    expect(asked).toEqual([3]);

    const readOnly = await open('letters', { letters: { store } });
    await readOnly.page.getByText('--allow-replay').waitFor();
    expect(await readOnly.page.getByRole('button', { name: /Replay/ }).count()).toBe(0);
  });
});
