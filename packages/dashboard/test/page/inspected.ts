import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const AXE = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe-core finds in a page that is serious or critical, a line each. */
export async function inaccessible(page: Page): Promise<string[]> {
  // Not a script of the page: the content security policy lets none in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    );
}

/** By how many pixels a page is wider than its window. */
export async function tooWide(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}

/** Where the pictures for the README go; none are made without. */
const PICTURES = process.env['APF_PICTURES'];

/** Makes a picture of what the window shows, if pictures are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  const size = page.viewportSize()!;
  // Small files: they are kept in the repository. An alert has more to show than a table has.
  const height = name.startsWith('alert-') || name === 'alert' ? 1040 : 640;
  if (size.width > 1000) await page.setViewportSize({ width: 1120, height });
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  await page.screenshot({ path: join(PICTURES, `dashboard-${name}.png`), animations: 'disabled' });
  await page.setViewportSize(size);
}
