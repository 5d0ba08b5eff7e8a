import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildPage } from './build-page';

/** Debian's Chromium; where another stands, the variable says it. */
const PATHS = [process.env['APF_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page: exceptions, errors on its console, what the content security policy refused. */
  readonly problems: readonly string[];
}

/**
 * Tests in the system's Chromium, without a screen. Where there is none they are skipped under a title that says so, and
 * in CI they fail. Pages are closed after each test, the browser after the last.
 */
export function inBrowser(
  title: string,
  define: (visit: (url: string, options?: BrowserContextOptions) => Promise<Visit>) => void,
): void {
  const executablePath = PATHS.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    describe(`${title}: no Chromium is here, apt-get install chromium brings it`, () => {
      if (process.env['CI']) it('is there', () => expect(executablePath).toBeDefined());
      else it.skip('is there', () => undefined);
    });
    return;
  }
  describe(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      await buildPage();
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    afterAll(() => browser?.close());
    afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

    define(async (url, options) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(url);
      return { page, problems };
    });
  });
}
