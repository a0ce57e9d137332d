// A real Chromium for tests of the page: the one of @sparticuz/chromium, unpacked into the temporary folder at its first
// use. Where it cannot run the tests are skipped and say why. Keeps what no page of ours may do: errors, foreign requests.
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';

export interface Screen {
  page: Page;
  /** Errors of scripts, breaches of the policy, failed loads: what a browser writes in red. */
  complaints: string[];
  /** Addresses that were asked for and are not the server's. */
  foreign: string[];
}

/** Undefined where no browser can run here, which is said once. */
export async function openBrowser(): Promise<Browser | undefined> {
  try {
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: ['--headless=shell', '--no-sandbox', '--disable-gpu'],
    });
  } catch (thrown) {
    const [why] = String(thrown).split('\n');
    process.stderr.write(`no Chromium can run here, the tests of the web page are skipped: ${why}\n`);
    return undefined;
  }
}

/** A browser profile of its own. */
export async function openScreen(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Screen> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const screen: Screen = { page, complaints: [], foreign: [] };
  page.on('console', (message) => {
    if (message.type() === 'error') screen.complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => screen.complaints.push(message));
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) screen.foreign.push(request.url());
  });
  return screen;
}

/** Waits until nothing on the page is being loaded or answered. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main .view').waitFor();
  // What an address asks for begins in a turn of its own.
  await page.evaluate('new Promise((go) => setTimeout(go, 50))');
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
}
