/** A real Chromium, quiet on the network, with WebGL by software. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ROOT } from './system.ts';

const CHROMIUM = '/usr/bin/chromium';
/** Software rendering is slow: a small window keeps the map alive. */
export const SMALL_WINDOW = { width: 1000, height: 640 } as const;

/** Whether there is a browser to test with. */
export const hasBrowser = (): boolean => existsSync(CHROMIUM);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Notes every request that does not go to `origin`; data and blob addresses never leave the page. */
export function watchForeignRequests(page: Page, origin: string): readonly string[] {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:data|blob|ws):/.test(url)) foreign.push(url);
  });
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(origin.replace('http', 'ws'))) foreign.push(socket.url());
  });
  return foreign;
}

/** Runs `work` and, when it fails, leaves a picture of the page in `test-results`. */
export async function withPicture(
  page: Page,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const folder = path.join(ROOT, 'test-results');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name}.png`) }).catch(() => undefined);
    throw error;
  }
}
