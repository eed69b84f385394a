/**
 * What the product is for, from an empty installation to an answered alert: log in, add a tracker and see its
 * first fix, make a group and a rule, draw a place, and when the tracker enters it: toast, sound, mail, answer.
 * Once by mouse and once by keyboard alone, against the real system and a real mail server.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AlertPage, FencePage } from '@followme/contracts';
import { waitUntil } from '@followme/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logIn } from '../support/api.ts';
import {
  hasBrowser,
  launchBrowser,
  watchForeignRequests,
  withPicture,
} from '../support/browser.ts';
import { connectDevice, type Device } from '../support/device.ts';
import { type Hands, keyboard, mouse, tabTo } from '../support/hands.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';
import { hearSounds, soundsOf } from '../support/sounds.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const SLOW_MS = 60_000;
const JOURNEY_MS = 300_000;
const TRACKER = 'Patrol 14';
const IMEI = '860000000000014';
/** Where the tracker is at first. */
const START = { lon: 5.12, lat: 52.09 } as const;
const WINDOW = { width: 1_280, height: 720 } as const;

interface Journey {
  readonly page: Page;
  readonly hands: Hands;
  readonly system: RunningSystem;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** A field by the beginning of its label: what is required has a mark behind it. */
const field = (page: Page, name: string) =>
  page.getByRole('textbox', { name: new RegExp(`^${name}`) });

async function enterTheProduct({ page, hands, system }: Journey): Promise<void> {
  await page.goto(system.url);
  await hands.write(page.getByLabel('E-mail'), system.email);
  await hands.write(page.getByLabel('Password', { exact: true }), system.password);
  await hands.press(button(page, 'Log in'));
  await page.getByRole('navigation').first().waitFor({ timeout: SLOW_MS });
}

/** Goes to a section of the rail. */
async function go({ page, hands }: Journey, section: string): Promise<void> {
  await hands.press(page.getByRole('navigation').getByRole('link', { name: section }).first());
}

async function addTracker(journey: Journey): Promise<Device> {
  const { page, hands, system } = journey;
  await go(journey, 'Trackers');
  await hands.press(button(page, 'Add a tracker').first());
  await hands.write(field(page, 'Name'), TRACKER);
  await hands.press(button(page, 'Next'));
  await hands.write(field(page, 'Identifier'), IMEI);
  await hands.press(button(page, 'Add tracker'));
  // the address to enter in the device is that of the running listener
  await page.getByText(String(system.devicePort)).first().waitFor({ timeout: SLOW_MS });
  await page.getByText('Waiting for the first fix').first().waitFor({ timeout: SLOW_MS });
  const device = await connectDevice(system.devicePort, IMEI);
  await device.report(START.lon, START.lat);
  await page
    .getByText(/First fix received/)
    .first()
    .waitFor({ timeout: SLOW_MS });
  return device;
}

async function makeGroup(journey: Journey): Promise<void> {
  const { page, hands } = journey;
  await go(journey, 'People');
  await hands.press(page.getByRole('link', { name: 'Groups' }).first());
  await hands.press(button(page, 'Make a group').first());
  const dialog = page.getByRole('dialog');
  await hands.write(dialog.getByRole('textbox', { name: /^Name/ }), 'Night patrol');
  await hands.press(dialog.getByRole('checkbox', { name: TRACKER }));
  await hands.press(dialog.getByRole('button', { name: 'Make a group' }));
  await dialog.waitFor({ state: 'detached', timeout: SLOW_MS });
}

async function makeRule(journey: Journey): Promise<void> {
  const { page, hands, system } = journey;
  await go(journey, 'Alerts');
  await hands.press(page.getByRole('link', { name: 'Rules' }).first());
  await hands.press(page.getByRole('link', { name: /^Your own/ }));
  await hands.press(page.getByRole('checkbox', { name: 'Enters' }));
  await hands.choose(
    page.getByRole('radiogroup', { name: 'Which places' }),
    'Any place, also those drawn later',
  );
  await hands.choose(
    page.getByRole('radiogroup', { name: 'Which trackers' }),
    'Trackers of groups',
  );
  await hands.pick(page.getByRole('combobox', { name: /Groups/ }), 'Night');
  await hands.choose(page.getByRole('radiogroup', { name: 'How loud it is' }), 'High');
  await hands.pick(page.getByRole('combobox', { name: /Mail to/ }), system.email);
  await page
    .getByText(/enters a place: .*mail to/)
    .first()
    .waitFor({ timeout: SLOW_MS });
  await hands.press(button(page, 'Make a rule'));
  await page
    .getByText(/ is made$/)
    .first()
    .waitFor({ timeout: SLOW_MS });
}

/** Draws a square beside the tracker, east of the middle of the map. */
async function drawPlace(journey: Journey): Promise<void> {
  const { page, hands } = journey;
  await go(journey, 'Places');
  await hands.press(page.getByRole('button', { name: /New place|Draw a place/ }).first());
  await hands.write(field(page, 'Name'), 'Galgenwaard');
  const surface = page.getByTestId('drawing-surface');
  if (hands.name === 'mouse') await drawByMouse(page);
  else await drawByKeyboard(page);
  await surface.waitFor({ timeout: SLOW_MS });
  await page
    .getByText(/around$/)
    .first()
    .waitFor({ timeout: SLOW_MS });
  await hands.press(button(page, 'Save place'));
  await page.getByText('Galgenwaard is saved').first().waitFor({ timeout: SLOW_MS });
}

async function drawByMouse(page: Page): Promise<void> {
  const surface = page.getByTestId('drawing-surface');
  await surface.waitFor({ timeout: SLOW_MS });
  const box = await surface.boundingBox();
  if (box === null) throw new Error('The drawing surface has no size');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const corners = [
    [40, -60],
    [140, -60],
    [140, 60],
    [40, 60],
    [40, -60],
  ] as const;
  for (const [right, down] of corners) {
    await page.mouse.move(middle.x + right, middle.y + down, { steps: 4 });
    await page.mouse.click(middle.x + right, middle.y + down, { delay: 30 });
  }
}

async function drawByKeyboard(page: Page): Promise<void> {
  await tabTo(page, page.getByTestId('drawing-surface'));
  const walk = async (key: string, presses: number): Promise<void> => {
    for (let n = 0; n < presses; n += 1) await page.keyboard.press(`Shift+${key}`);
  };
  await walk('ArrowRight', 1);
  await walk('ArrowUp', 1);
  await page.keyboard.press('Enter');
  await walk('ArrowRight', 2);
  await page.keyboard.press('Enter');
  await walk('ArrowDown', 2);
  await page.keyboard.press('Enter');
  await walk('ArrowLeft', 2);
  await page.keyboard.press('Enter');
  await page.keyboard.press('d');
}

/** A point well inside of the one fence there is. */
async function insideOfThePlace(system: RunningSystem): Promise<{ lon: number; lat: number }> {
  const api = await logIn(system.url, system.email, system.password);
  const { items } = await api.must<FencePage>('GET', '/api/fences');
  expect(items.map(({ name }) => name)).toEqual(['Galgenwaard']);
  const geometry = items[0]?.geometry;
  const ring = geometry?.type === 'Polygon' ? (geometry.coordinates[0] ?? []) : [];
  const corners = ring.slice(0, -1);
  expect(corners.length).toBe(4);
  const mean = (axis: 0 | 1): number =>
    corners.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / corners.length;
  return { lon: mean(0), lat: mean(1) };
}

async function answer(journey: Journey): Promise<void> {
  const { page, hands, system } = journey;
  await go(journey, 'Live');
  const card = page.getByRole('article').filter({ hasText: TRACKER }).first();
  await hands.press(card.getByRole('button', { name: 'Acknowledge' }));
  const api = await logIn(system.url, system.email, system.password);
  await waitUntil(
    async () => {
      const { items } = await api.must<AlertPage>('GET', '/api/alerts');
      return items.length === 1 && items[0]?.state === 'acknowledged';
    },
    SLOW_MS,
    'the alert as acknowledged',
  );
  const { items } = await api.must<AlertPage>('GET', '/api/alerts');
  expect(items[0]).toMatchObject({ trackerName: TRACKER, severity: 'high', transition: 'enter' });
}

describe.skipIf(!hasBrowser())('from an empty installation to an answered alert', () => {
  let folder: string;
  let mail: MailServer;
  let system: RunningSystem;
  let browser: Browser;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'followme-journey-'));
    mail = await startMailServer();
    const args = ['--smtp', mail.url, '--mail-from', 'control@followme.example'];
    system = await startSystem({ dataFolder: folder, args });
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await browser?.close();
    expect(await system?.stop()).toBe(0);
    await mail?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['mouse', 'keyboard'] as const)(
    'by %s: tracker, group, rule, place, crossing, toast, sound, mail, answer',
    async (way) => {
      const context = await browser.newContext({ viewport: WINDOW });
      await hearSounds(context);
      const page = await context.newPage();
      const foreign = watchForeignRequests(page, system.url);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      const journey: Journey = {
        page,
        system,
        hands: way === 'mouse' ? mouse(page) : keyboard(page),
      };
      await withPicture(page, `journey-${way}`, async () => {
        await enterTheProduct(journey);
        const device = await addTracker(journey);
        await makeGroup(journey);
        await makeRule(journey);
        await drawPlace(journey);
        const { lon, lat } = await insideOfThePlace(system);
        expect(mail.inbox).toEqual([]);
        const soundsBefore = await soundsOf(page);

        await device.report(lon, lat);
        const toasts = page.getByRole('region', { name: /Notifications/ });
        await toasts.getByText(new RegExp(TRACKER)).first().waitFor({ timeout: SLOW_MS });
        await waitUntil(async () => (await soundsOf(page)) > soundsBefore, SLOW_MS, 'a sound');
        await waitUntil(async () => mail.inbox.length > 0, SLOW_MS, 'a mail');
        const [first] = mail.inbox;
        expect(first).toMatchObject({ to: [system.email] });
        expect(first?.subject).toContain(TRACKER);
        expect(first?.text).toContain('Galgenwaard');

        await answer(journey);
        expect(mail.inbox).toHaveLength(1);
        device.close();
      });
      expect(faults).toEqual([]);
      expect(foreign).toEqual([]);
      await context.close();
    },
    JOURNEY_MS,
  );
});
