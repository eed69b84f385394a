/** What a stranger sees after `npm start`: an address, a login, and trackers that move on a map. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasBrowser,
  launchBrowser,
  SMALL_WINDOW,
  watchForeignRequests,
  withPicture,
} from '../support/browser.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const TRACKERS = 12;
const SLOW_MS = 60_000;

describe.skipIf(!hasBrowser())('the first session in a browser', () => {
  let folder: string;
  let system: RunningSystem;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'followme-e2e-'));
    const args = ['--trackers', String(TRACKERS), '--interval', '1'];
    system = await startSystem({ dataFolder: folder, command: 'demo', args });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await system?.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  test('the login is in a file that only its owner may read', async () => {
    expect((await stat(path.join(folder, 'login.json'))).mode & 0o777).toBe(0o600);
  });

  test('a wrong password is refused in words', async () => {
    const page = await browser.newPage({ viewport: SMALL_WINDOW });
    await withPicture(page, 'wrong-password', async () => {
      await page.goto(system.url);
      await page.getByLabel('E-mail').fill(system.email);
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').waitFor({ timeout: SLOW_MS });
      expect(await page.getByTestId('map').count()).toBe(0);
    });
    await page.close();
  });

  test('logs in and sees a tracker move, and no request leaves the machine', async () => {
    const page = await browser.newPage({ viewport: SMALL_WINDOW });
    const foreign = watchForeignRequests(page, system.url);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await withPicture(page, 'sees-a-tracker-move', async () => {
      await page.goto(system.url);
      await page.getByLabel('E-mail').fill(system.email);
      await page.getByLabel('Password', { exact: true }).fill(system.password);
      await page.getByRole('button', { name: 'Log in' }).click();

      const list = page.getByRole('list', { name: 'Trackers' });
      await list.getByRole('listitem').first().waitFor({ timeout: SLOW_MS });
      await page.waitForFunction(
        (count) => {
          const map = document.querySelector('[data-testid="map"]');
          return Number(map?.getAttribute('data-marks') ?? 0) >= count;
        },
        TRACKERS,
        { timeout: SLOW_MS },
      );

      await list.getByRole('listitem').filter({ hasText: 'Moving' }).first().click();
      const coordinates = page.getByTestId('coordinates');
      await coordinates.waitFor({ timeout: SLOW_MS });
      const before = await coordinates.textContent();
      await page.waitForFunction(
        (text) => document.querySelector('[data-testid="coordinates"]')?.textContent !== text,
        before,
        { timeout: SLOW_MS },
      );
      expect(await coordinates.textContent()).toMatch(/\d+\.\d+/);
    });
    expect(problems).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });
});
