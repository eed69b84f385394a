/**
 * Every page of the product with things on it, in both themes: nothing that a reader of screens would stumble
 * over, nothing that scrolls sideways on a small phone, no request to anybody else.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AlertPage } from '@followme/contracts';
import { waitUntil } from '@followme/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn, type Api } from '../support/api.ts';
import { expectNoAxeViolations } from '../support/axe.ts';
import {
  hasBrowser,
  launchBrowser,
  watchForeignRequests,
  withPicture,
} from '../support/browser.ts';
import { connectDevice } from '../support/device.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const SLOW_MS = 60_000;
const DESK = { width: 1_280, height: 800 };
const PHONE = { width: 360, height: 740 };
const TABLET = { width: 800, height: 900 };
const WALL = { width: 2_560, height: 1_200 };
const IMEI = '860000000000017';
/** Names as people really give them. */
const LONG_NAME = `Avondploeg ${'Leidsche Rijn en Vleuten-De Meern '.repeat(5)}`
  .slice(0, 200)
  .trim();
const NAMES = ['مستشفى المدينة', 'Team 🚒🚓', LONG_NAME] as const;

/** Paths, and the heading by which one knows that the page is there and not its excuse. */
const PAGES: readonly (readonly [where: string, heading: RegExp])[] = [
  ['/', /^Live$/],
  ['/?view=table', /^Live$/],
  ['/?tracker=1', /^(Van|Bike|Guard) 001$/],
  ['/alerts', /^Alerts$/],
  ['/alerts/1', /^SOS, /],
  ['/alerts?state=closed', /^Alerts$/],
  ['/rules', /^Rules$/],
  ['/rules/new', /^New rule$/],
  ['/rules/1', /^Edit /],
  ['/deliveries', /^Deliveries$/],
  ['/places', /^Places/],
  ['/places/new', /^New place$/],
  ['/places/1', /مستشفى/],
  ['/people', /^People$/],
  ['/groups', /^Groups$/],
  ['/trackers', /^Trackers$/],
  ['/trackers/new', /^Add a tracker$/],
  ['/trackers/1', /001/],
  ['/settings', /^Settings$/],
  ['/help', /^Help/],
  ['/nothing-is-here', /nothing/i],
];

/** Makes something for every page to show. */
async function furnish(system: RunningSystem): Promise<void> {
  const api = await logIn(system.url, system.email, system.password);
  const groups: number[] = [];
  for (const name of NAMES) {
    groups.push((await api.must<{ id: number }>('POST', '/api/groups', { name })).id);
  }
  const tracker = await api.must<{ id: number }>('POST', '/api/trackers', {
    name: NAMES[0],
    groupIds: groups,
    device: { protocol: 'meitrack', identifier: IMEI },
  });
  for (const name of NAMES) {
    const geometry = { type: 'Point', coordinates: [5.12, 52.09], radiusM: 400 };
    await api.must('POST', '/api/fences', { name, geometry });
  }
  await api.must('POST', '/api/users', { name: NAMES[1], email: 'a@b.example', role: 'operator' });
  await api.must('POST', '/api/rules', {
    name: LONG_NAME,
    enabled: true,
    severity: 'high',
    trigger: { kind: 'fence', fenceIds: null, on: ['enter', 'exit'] },
    groupIds: null,
    recipientIds: [],
    webhookIds: [],
    coolDownS: 0,
    escalation: null,
  });
  await raiseSos(system, api, tracker.id);
}

async function raiseSos(system: RunningSystem, api: Api, trackerId: number): Promise<void> {
  const device = await connectDevice(system.devicePort, IMEI);
  // a device of a minute ago may not be known to the listener yet: its first frame is then not answered
  await device.report(5.12, 52.09, { isSos: true });
  device.close();
  await waitUntil(
    async () => {
      const { items } = await api.must<AlertPage>('GET', `/api/alerts?trackerId=${trackerId}`);
      return items.some(({ severity }) => severity === 'critical');
    },
    SLOW_MS,
    'the SOS as an alert',
  );
}

async function logInByPage(page: Page, system: RunningSystem): Promise<void> {
  await page.goto(system.url);
  await page.getByLabel('E-mail').fill(system.email);
  await page.getByLabel('Password', { exact: true }).fill(system.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation').first().waitFor({ timeout: SLOW_MS });
}

/** Opens a page and waits until it is there and nothing on it is loading any more. */
async function open(page: Page, url: string, heading: RegExp): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { name: heading }).first().waitFor({ timeout: SLOW_MS });
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"]') === null,
    undefined,
    { timeout: SLOW_MS },
  );
}

/** The page as it stands on a phone, a tablet and a wall: at which of these widths it scrolls sideways. */
async function widthsThatScrollSideways(page: Page): Promise<readonly number[]> {
  const tooWide: number[] = [];
  for (const viewport of [PHONE, TABLET, WALL]) {
    await page.setViewportSize(viewport);
    const isWide = await page.evaluate(async () => {
      // two frames: one for the layout to change over, one for it to be there
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      return document.documentElement.scrollWidth > document.documentElement.clientWidth;
    });
    if (isWide) tooWide.push(viewport.width);
  }
  await page.setViewportSize(DESK);
  return tooWide;
}

describe.skipIf(!hasBrowser())('every page', () => {
  let folder: string;
  let system: RunningSystem;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'followme-pages-'));
    const args = ['--trackers', '8', '--interval', '2'];
    system = await startSystem({ dataFolder: folder, command: 'demo', args });
    await furnish(system);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await system?.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
    let context: BrowserContext;
    let page: Page;
    let foreign: readonly string[];
    const faults: string[] = [];

    beforeAll(async () => {
      context = await browser.newContext({
        viewport: DESK,
        colorScheme,
        bypassCSP: true, // for the script of the check; the header itself has a test of its own
      });
      page = await context.newPage();
      foreign = watchForeignRequests(page, system.url);
      page.on('pageerror', (error) => faults.push(String(error)));
      await logInByPage(page, system);
    });
    afterAll(async () => {
      await context?.close();
    });

    test.each(PAGES)(
      '%s is there, axe finds nothing, and no width scrolls sideways',
      async (where, heading) => {
        await withPicture(page, `page-${colorScheme}${where.replaceAll(/\W/g, '-')}`, async () => {
          await open(page, `${system.url}${where}`, heading);
          await expectNoAxeViolations(page);
          // colours change no widths
          if (colorScheme === 'light') expect(await widthsThatScrollSideways(page)).toEqual([]);
        });
      },
    );

    test('none of these asked anybody else for anything or failed', () => {
      expect(foreign).toEqual([]);
      expect(faults).toEqual([]);
    });
  });

  test('the login page too, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, bypassCSP: true });
      await page.goto(system.url);
      await page.getByLabel('E-mail').waitFor({ timeout: SLOW_MS });
      await expectNoAxeViolations(page);
      await page.close();
    }
  });
});
