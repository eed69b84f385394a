/**
 * A customer with a look of its own: name and colour set in the settings are there at once and at the next login,
 * a street map out of a file of the installation is drawn without a request to anybody else, and when the file is
 * gone the built-in map and a bar take its place.
 */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasBrowser,
  launchBrowser,
  SMALL_WINDOW,
  watchForeignRequests,
  withPicture,
} from '../support/browser.ts';
import { tinyMapFile } from '../support/map-file.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const SLOW_MS = 60_000;
const FILE = 'test town.pmtiles';
const TEAL = 'rgb(11, 118, 129)';

describe.skipIf(!hasBrowser())('a customer with a look of its own', () => {
  let folder: string;
  let mapsFolder: string;
  let system: RunningSystem;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let foreign: readonly string[];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'followme-brand-'));
    mapsFolder = path.join(folder, 'maps of ours');
    await mkdir(mapsFolder);
    await writeFile(path.join(mapsFolder, FILE), tinyMapFile());
    const dataFolder = path.join(folder, 'data');
    system = await startSystem({ dataFolder, args: ['--maps', mapsFolder] });
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: SMALL_WINDOW, locale: 'en-GB' });
    page = await context.newPage();
    foreign = watchForeignRequests(page, system.url);
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
  }, 2 * SLOW_MS);

  afterAll(async () => {
    await browser.close();
    await system.stop();
    await rm(folder, { recursive: true });
  });

  test('name, colour and map are chosen in the settings', async () => {
    await withPicture(page, 'brand-settings', async () => {
      await page.goto(system.url);
      await page.getByLabel('E-mail').fill(system.email);
      await page.getByLabel('Password', { exact: true }).fill(system.password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('navigation').first().waitFor({ timeout: SLOW_MS });

      await page.goto(`${system.url}/settings`);
      await page.getByLabel('Name', { exact: true }).fill('Merel Veiligheid', { timeout: SLOW_MS });
      await page.getByLabel('Colour', { exact: true }).fill('#0B7681');
      await page.getByRole('tab', { name: 'Map' }).click();
      await page.getByRole('radio', { name: /Map file on this server/ }).click({ force: true });
      await page.getByRole('button', { name: 'Try this map' }).click();
      await page.getByText('This map works.').waitFor({ timeout: SLOW_MS });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Saved', { exact: true }).waitFor({ timeout: SLOW_MS });
      await page.getByRole('banner').getByText('Merel Veiligheid').waitFor();
    });
  });

  test('the street map is drawn from the file, read in ranges', async () => {
    await withPicture(page, 'brand-street-map', async () => {
      const ranges: number[] = [];
      page.on('response', (response) => {
        if (response.url().includes('.pmtiles')) ranges.push(response.status());
      });
      await page.goto(system.url);
      await page.locator('[data-street="drawn"]').waitFor({ timeout: SLOW_MS });
      await page.getByText('Test makers').waitFor({ timeout: SLOW_MS });
      expect(ranges.length).toBeGreaterThan(0);
      expect(new Set(ranges)).toEqual(new Set([206]));
    });
  });

  test('without the file the built-in map and a bar are there, and trying again finds it', async () => {
    await withPicture(page, 'brand-street-map-gone', async () => {
      const away = path.join(folder, 'away.pmtiles');
      await rename(path.join(mapsFolder, FILE), away);
      await page.goto(system.url);
      await page.getByText('The street map did not load.').waitFor({ timeout: SLOW_MS });
      await page.locator('[data-base="drawn"]').waitFor({ timeout: SLOW_MS });
      await rename(away, path.join(mapsFolder, FILE));
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('[data-street="drawn"]').waitFor({ timeout: SLOW_MS });
    });
  });

  test('who is not logged in sees the name and the colour, in the language of choice', async () => {
    await withPicture(page, 'brand-login', async () => {
      await context.clearCookies();
      await page.goto(system.url);
      await page.getByRole('heading', { name: 'Merel Veiligheid' }).waitFor({ timeout: SLOW_MS });
      expect(await page.title()).toBe('Merel Veiligheid');
      const submit = page.getByRole('button', { name: 'Log in' });
      expect(await submit.evaluate((el) => getComputedStyle(el).backgroundColor)).toBe(TEAL);
      await page.getByRole('button', { name: 'Nederlands' }).click();
      await page.getByRole('button', { name: 'Inloggen' }).waitFor({ timeout: SLOW_MS });
      expect(await page.locator('html').getAttribute('lang')).toBe('nl');
    });
  });

  test('sentences and layout follow a language that is read from the right', async () => {
    await page.goto(`${system.url}/?locale=pseudo-rtl`);
    await page.locator('form').waitFor({ timeout: SLOW_MS });
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(SMALL_WINDOW.width);
  });

  test('nothing was asked of anybody else, and no policy was broken', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
