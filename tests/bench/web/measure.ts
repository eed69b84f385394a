/** What the main thread of a page spends, by Chromium's own account. */
import type { Page } from 'playwright-core';

/** CPU time of the main thread in a stretch of time, ms per second of the clock. */
export interface MainThread {
  /** All tasks: scripts, style, layout, drawing commands, message handling. */
  readonly taskMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
}

interface Metric {
  readonly name: string;
  readonly value: number;
}

/**
 * Watches the page for `seconds`. Counted in CPU time of the thread (`threadTicks`), not by the clock: what other
 * processes take from the same cores is not the page's.
 */
export async function measureMainThread(page: Page, seconds: number): Promise<MainThread> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { metrics } = (await session.send('Performance.getMetrics')) as { metrics: Metric[] };
    return new Map(metrics.map(({ name, value }) => [name, value]));
  };
  const startMs = performance.now();
  const before = await read();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const after = await read();
  const elapsedS = (performance.now() - startMs) / 1_000;
  await session.detach();
  const spent = (name: string): number =>
    (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / elapsedS;
  return {
    taskMs: spent('TaskDuration'),
    scriptMs: spent('ScriptDuration'),
    layoutMs: spent('LayoutDuration') + spent('RecalcStyleDuration'),
  };
}
