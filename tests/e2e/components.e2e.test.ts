/** Every component in every state, as /components shows them: readable, usable without a mouse, never too wide. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoAxeViolations } from '../support/axe.ts';
import { hasBrowser, launchBrowser, withPicture } from '../support/browser.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'high contrast, light': { colorScheme: 'light', contrast: 'more' },
  'high contrast, dark': { colorScheme: 'dark', contrast: 'more' },
  'colours of the system': { forcedColors: 'active' },
} as const satisfies Record<string, BrowserContextOptions>;
const WIDTHS_PX = [360, 1440];
const HEIGHT_PX = 800;
const WHOLE_PAGE_PX = 7000;

describe.skipIf(!hasBrowser())('the components', () => {
  let folder: string;
  let system: RunningSystem;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'followme-e2e-'));
    system = await startSystem({ dataFolder: folder, command: 'demo', args: ['--trackers', '1'] });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await system?.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page with nothing moving, and answers what went wrong while it was open. */
  async function withComponents(
    options: BrowserContextOptions,
    work: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error') problems.push(line.text());
    });
    await withPicture(page, 'components', async () => {
      await page.goto(`${system.url}/components`);
      await page.getByRole('heading', { name: 'Marks and severities' }).waitFor();
      await work(page);
    });
    await context.close();
    expect(problems).toEqual([]);
  }

  const cases = Object.entries(LOOKS).flatMap(([name, look]) =>
    WIDTHS_PX.map((width) => ({ name, look, width })),
  );

  test.each(cases)('$name at $width px: nothing for axe to find', async ({ look, width }) => {
    const viewport = { width, height: HEIGHT_PX };
    await withComponents({ ...look, viewport, bypassCSP: true }, async (page) => {
      await expectNoAxeViolations(page);
    });
  });

  test.each([
    { width: 360, direction: 'ltr', fontSize: '100%' },
    { width: 360, direction: 'rtl', fontSize: '100%' },
    { width: 1440, direction: 'ltr', fontSize: '100%' },
    { width: 800, direction: 'ltr', fontSize: '200%' },
  ])(
    'no sideways scroll at $width px, $direction, text at $fontSize',
    async ({ width, direction, fontSize }) => {
      await withComponents({ viewport: { width, height: HEIGHT_PX } }, async (page) => {
        await page.evaluate(
          ([dir, size]) => {
            document.documentElement.dir = dir;
            document.documentElement.style.fontSize = size;
          },
          [direction, fontSize] as const,
        );
        const tooWide = await page.evaluate(() =>
          [...document.querySelectorAll('html, body, main, main > div')]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => element.outerHTML.slice(0, 80)),
        );
        expect(tooWide).toEqual([]);
      });
    },
  );

  test('a dialog takes the focus, keeps it, and gives it back', async () => {
    await withComponents({ bypassCSP: true }, async (page) => {
      const opener = page.getByRole('button', { name: 'Delete place' });
      await opener.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('alertdialog', { name: 'Delete Galgenwaard?' });
      await dialog.waitFor();
      expect(await focusedName(page)).toBe('Cancel');
      await expectNoAxeViolations(page);
      for (const _ of ['Delete place', 'Close', 'Cancel']) await page.keyboard.press('Tab');
      expect(await focusedName(page)).toBe('Cancel');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await opener.and(page.locator(':focus')).waitFor();
    });
  });

  test('several are chosen and given back by keyboard alone', async () => {
    // as high as the page: a list closes when the page below it scrolls
    const viewport = { width: 1440, height: WHOLE_PAGE_PX };
    await withComponents({ viewport, bypassCSP: true }, async (page) => {
      const chosen = page.getByRole('grid', { name: 'Chosen' }).first();
      expect(await chosen.getByRole('row').allTextContents()).toEqual([
        'Stewards',
        'Night patrol East',
      ]);
      await page.getByRole('combobox', { name: 'Watch' }).first().focus();
      await page.keyboard.type('first');
      await page.getByRole('option', { name: 'First aid' }).waitFor();
      // the rest of the page is hidden from screen readers while the list is open, and leaving the field closes it
      await expectNoAxeViolations(page, { except: ['aria-hidden-focus'] });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await chosen.getByRole('row', { name: 'First aid' }).waitFor();
      await page.keyboard.press('Backspace');
      await chosen.getByRole('row', { name: 'First aid' }).waitFor({ state: 'detached' });
      expect(await chosen.getByRole('row').count()).toBe(2);
    });
  });

  test('a menu opens, moves and acts by keyboard', async () => {
    await withComponents({ bypassCSP: true }, async (page) => {
      await page.getByRole('button', { name: 'More', exact: true }).last().focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
      await expectNoAxeViolations(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog', { name: 'Copy' }).waitFor();
    });
  });

  test('a toast that stays is there until it is taken away', async () => {
    await withComponents({ bypassCSP: true }, async (page) => {
      await page.getByRole('button', { name: 'Critical, stays' }).click();
      const toast = page.getByRole('alertdialog', { name: 'SOS: Patrol 14' });
      await toast.waitFor();
      await expectNoAxeViolations(page);
      await toast.getByRole('button', { name: 'Close' }).click();
      await toast.waitFor({ state: 'detached' });
    });
  });
});

/** Name of what has the focus, as it is read aloud. */
function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(
    () =>
      document.activeElement?.getAttribute('aria-label') ??
      document.activeElement?.textContent ??
      null,
  );
}
