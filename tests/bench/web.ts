/**
 * `npm run bench:web [-- --dist folder --seconds N --trackers N --shares 0.1,1]`: what 50,000 trackers cost the main thread of the
 * control center, ms of CPU per 1 Hz update. A real page in Chromium (640×400, drawn by software) is fed through a
 * real socket; a share of the trackers reports every second, spread over the second as the server does. Trackers
 * report every 10 to 60 seconds: 10 % a second is the case of ten seconds, 100 % what no fleet does. One run has a tracker selected, with its day. Beside it, in
 * the same run, the same map engine given all points again every second (`setData`). Prints JSON.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { ROOT } from '../support/system.ts';
import { createFleet } from './web/fleet.ts';
import { countUpdates, measureMainThread, type MainThread } from './web/measure.ts';
import { type BenchServer, startBenchServer } from './web/server.ts';

const BAR_SHARE = 0.1;
const BAR_MS = 8;
const SELECTED_ID = 1;
const SIZE = { width: 640, height: 400 } as const;
const WARM_UP_S = 8;
/** Until then the texts of the rows count seconds, which is no rest. */
const SETTLE_S = 65;
const READY_LIMIT_MS = 180_000;

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly better: 'higher' | 'lower';
}

const { values } = parseArgs({
  options: {
    dist: { type: 'string', default: path.join(ROOT, 'apps/control-center/dist') },
    seconds: { type: 'string', default: '20' },
    trackers: { type: 'string', default: '50000' },
    shares: { type: 'string', default: '0.1,0.5,1' },
  },
});
const seconds = Number(values.seconds);
const size = Number(values.trackers);
const shares = values.shares.split(',').map(Number);
if (!existsSync(values.dist)) throw new Error(`${values.dist} is not there: run npm run build`);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const rounded = (value: number): number => Math.round(value * 100) / 100;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZE });
  await page.addInitScript(() => localStorage.setItem('followme.session', '1'));
  await page.addInitScript(countUpdates);
  await page.goto(url);
  return page;
}

/** The product, with all trackers on the map. */
async function openProduct(browser: Browser, url: string): Promise<Page> {
  const page = await openPage(browser, url);
  const map = page.getByTestId('map');
  await map.and(page.locator(`[data-marks="${size}"][data-base="drawn"]`)).waitFor({
    state: 'attached',
    timeout: READY_LIMIT_MS,
  });
  return page;
}

function idleReport(idle: MainThread): Measured[] {
  const name = 'no tracker reports (idle): main thread';
  return [{ name, value: rounded(idle.taskMs), unit: 'ms/s', bar: null, better: 'lower' }];
}

/** What an update costs beyond the same page at rest, by the updates that really came. */
function report(share: number, cost: MainThread, idle: MainThread): Measured[] {
  const line = (what: string, value: number, more: Partial<Measured> = {}): Measured => ({
    name: `${percent(share)} report every second: ${what}`,
    value: rounded(value),
    unit: 'ms per update',
    bar: null,
    better: 'lower',
    ...more,
  });
  const each = (all: number, atRest: number): number => (all - atRest) / cost.updates;
  return [
    line('main thread', each(cost.taskMs, idle.taskMs), {
      bar: share === BAR_SHARE ? BAR_MS : null,
    }),
    line('main thread, rest included', cost.taskMs / cost.updates),
    line('scripts', each(cost.scriptMs, idle.scriptMs)),
    line('style and layout', each(cost.layoutMs, idle.layoutMs)),
    line('updates that came', cost.updates, { unit: '1/s', better: 'higher' }),
  ];
}

async function measureProduct(browser: Browser, server: BenchServer): Promise<Measured[]> {
  const page = await openProduct(browser, `${server.url}/`);
  await pause(SETTLE_S * 1_000);
  const idle = await measureMainThread(page, seconds);
  const results = idleReport(idle);
  for (const share of shares) {
    server.setRate(size * share);
    await pause(WARM_UP_S * 1_000);
    results.push(...report(share, await measureMainThread(page, seconds), idle));
  }
  server.setRate(0);
  await page.close();
  return results;
}

/** The same with a tracker selected that reports every second and has a whole day behind it. */
async function measureSelected(browser: Browser, server: BenchServer): Promise<Measured[]> {
  const page = await openProduct(browser, `${server.url}/?tracker=${SELECTED_ID}`);
  server.setRate(size * BAR_SHARE);
  server.setWatched(SELECTED_ID);
  await pause(WARM_UP_S * 1_000);
  const cost = await measureMainThread(page, seconds);
  server.setRate(0);
  server.setWatched(null);
  await page.close();
  return [
    {
      name: `${percent(BAR_SHARE)} report every second, one of them selected: main thread, rest included`,
      value: rounded(cost.taskMs / cost.updates),
      unit: 'ms per update',
      bar: null,
      better: 'lower',
    },
  ];
}

async function measurePeer(browser: Browser, server: BenchServer): Promise<Measured[]> {
  const costs = new Map<string, MainThread>();
  for (const mode of ['none', 'setData', 'updateData']) {
    const page = await openPage(
      browser,
      `${server.url}/peer.html?mode=${mode}&size=${size}&share=${mode === 'setData' ? 1 : BAR_SHARE}`,
    );
    await page.locator('body[data-ready]').waitFor({ timeout: READY_LIMIT_MS });
    await pause(WARM_UP_S * 1_000);
    costs.set(mode, await measureMainThread(page, seconds));
    await page.close();
  }
  const beyondIdle = (mode: string): number =>
    (costs.get(mode)?.taskMs ?? 0) - (costs.get('none')?.taskMs ?? 0);
  const peer = (name: string, mode: string): Measured => ({
    name: `peer, a bare map: ${name}`,
    value: rounded(beyondIdle(mode)),
    unit: 'ms per update',
    bar: null,
    better: 'lower',
  });
  return [
    peer('setData of everything', 'setData'),
    peer(`updateData of ${percent(BAR_SHARE)}`, 'updateData'),
  ];
}

const peerFolder = path.join(ROOT, 'tests/bench/web/peer');
const engineFolder = path.join(ROOT, 'node_modules/maplibre-gl/dist');
const server = await startBenchServer(createFleet('web', size), [
  values.dist,
  peerFolder,
  engineFolder,
]);
const browser = await launchBrowser();
try {
  const results = [
    ...(await measureProduct(browser, server)),
    ...(await measureSelected(browser, server)),
    ...(await measurePeer(browser, server)),
  ];
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
} finally {
  await browser.close();
  await server.stop();
}
