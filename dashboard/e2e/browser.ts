import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { stopAtEnd } from './started';

const SCREENSHOTS = resolve(import.meta.dirname, '../../artifacts/dashboard-screenshots');

/** What no page of a file of tests may do: requests elsewhere, breaches of the content security policy, errors of scripts. */
export const faults: string[] = [];

let browser: Promise<Browser> | undefined;
let last: Page | undefined;

/** The page that was opened last. */
export const lastPage = () => last;

/** Debian's Chromium, with its own lookups of the outside turned off. */
async function launch(): Promise<Browser> {
  const launched = await chromium.launch({
    executablePath: process.env.HEADGATE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  stopAtEnd(() => launched.close());
  return launched;
}

/** A page of a person of its own, for a dashboard at an address; `faults` has what it may not do. */
export async function newPage(own: string): Promise<Page> {
  const context = await (await (browser ??= launch())).newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  last = page;
  page.on('request', (request) => {
    if (!request.url().startsWith(own + '/') && !request.url().startsWith('data:')) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  page.setDefaultTimeout(30_000);
  return page;
}

/** Whether pages are pictured for people to look at: the tests alone need no pictures. */
const PICTURES = (process.env.HEADGATE_SCREENSHOTS ?? '') !== '';

/** What axe-core finds serious in each colour; with HEADGATE_SCREENSHOTS also a picture in each at both widths. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction((dark) => document.documentElement.dataset.theme === dark, colorScheme);
    // Width changes what is shown little, and judging it takes seconds.
    found.push(...(await violations(page, colorScheme === 'dark')).map((violation) => `${name}, ${colorScheme}: ${violation}`));
    for (const width of PICTURES ? [1440, 900] : []) {
      await page.setViewportSize({ width, height: 900 });
      await screenshot(page, `${name}-${width}-${colorScheme}`);
    }
    if (PICTURES) await page.setViewportSize({ width: 1440, height: 900 });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

/** What is seen now, as `artifacts/dashboard-screenshots/NAME.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  // A word that goes away by itself would hide what stays.
  const show = (visibility: string) => page.evaluate((shown) => document.querySelectorAll<HTMLElement>('.ant-message').forEach((words) => (words.style.visibility = shown)), visibility);
  await show('hidden');
  await page.screenshot({ path: resolve(SCREENSHOTS, `${name}.png`) });
  await show('');
}

/** What axe-core finds serious; `contrastAlone` where all else was judged already. */
async function violations(page: Page, contrastAlone: boolean): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (options) => {
    const { axe: injected } = window as unknown as { axe: { run(options: axe.RunOptions): Promise<axe.AxeResults> } };
    const results = await injected.run(options);
    return results.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary?.slice(0, 200)}`).join(' | ')}`);
  }, { resultTypes: ['violations'], ...(contrastAlone && { runOnly: ['color-contrast'] }) } satisfies axe.RunOptions as axe.RunOptions);
}
