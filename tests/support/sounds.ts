/** Hears what a page plays: every start of a source of the Web Audio API. */
import type { BrowserContext, Page } from 'playwright-core';

declare global {
  // written by the script below, before the page's own scripts run
  var soundsStarted: number | undefined;
}

/** Counts in every page of the context; the browser plays as it would otherwise. */
export async function hearSounds(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.soundsStarted = 0;
    const start = AudioScheduledSourceNode.prototype.start;
    AudioScheduledSourceNode.prototype.start = function (...args) {
      globalThis.soundsStarted = (globalThis.soundsStarted ?? 0) + 1;
      return start.apply(this, args);
    };
  });
}

/** Sources started so far. */
export function soundsOf(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.soundsStarted ?? 0);
}
