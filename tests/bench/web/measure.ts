/** What the main thread of a page spends, by Chromium's own account. */
import type { Page } from 'playwright-core';

/** What happened in a stretch of time, per second of the clock; times are CPU of the main thread, ms. */
export interface MainThread {
  /** All tasks: scripts, style, layout, drawing commands, message handling. */
  readonly taskMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
  /** Updates that reached the page per second: on a busy machine fewer come than were meant to. */
  readonly updates: number;
}

/** What `countUpdates` keeps on the page. */
interface Counting {
  benchUpdates?: number;
}

/** To be run on the page before anything else: counts the batches that its live worker sends. */
export function countUpdates(): void {
  const counting = globalThis as Counting;
  counting.benchUpdates = 0;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }: MessageEvent<{ readonly type?: unknown }>) => {
        if (data.type === 'batch') counting.benchUpdates = (counting.benchUpdates ?? 0) + 1;
      });
    }
  };
}

/**
 * Watches the page for `seconds`. Counted in CPU time of the thread (`threadTicks`), not by the clock: what other
 * processes take from the same cores is not the page's.
 */
export async function measureMainThread(page: Page, seconds: number): Promise<MainThread> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  };
  const updates = (): Promise<number> =>
    page.evaluate(() => (globalThis as Counting).benchUpdates ?? 0);
  const startMs = performance.now();
  const updatesBefore = await updates();
  const before = await read();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const after = await read();
  const updatesAfter = await updates();
  const elapsedS = (performance.now() - startMs) / 1_000;
  await session.detach();
  const spent = (name: string): number =>
    (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / elapsedS;
  return {
    taskMs: spent('TaskDuration'),
    scriptMs: spent('ScriptDuration'),
    layoutMs: spent('LayoutDuration') + spent('RecalcStyleDuration'),
    updates: (updatesAfter - updatesBefore) / elapsedS,
  };
}
