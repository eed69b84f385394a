/** For tests of this app: a clock that only moves when told to, and fixes to feed to the store. */
import type { BrowserClock } from './browser/clock.ts';
import { createLiveFeed, type LiveFeed } from './live/live-feed.ts';
import { createLiveStore, type LiveStore } from './live/live-store.ts';
import type { Fix } from './live/socket-frames.ts';

export interface ManualClock extends BrowserClock {
  /** Lets time pass; everything that falls due runs, in order of its time. */
  advance(ms: number): void;
}

interface Task {
  dueMs: number;
  readonly periodMs: number;
  readonly run: () => void;
}

/** A clock that starts at `startMs`; frames come 16 ms later, dice always show one half. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const tasks = new Set<Task>();
  const add = (delayMs: number, periodMs: number, run: () => void) => {
    const task = { dueMs: nowMs + delayMs, periodMs, run };
    tasks.add(task);
    return () => void tasks.delete(task);
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => add(delayMs, 0, run),
    every: (periodMs, run) => add(periodMs, periodMs, run),
    nextFrame: (run) => add(16, 0, run),
    random: () => 0.5,
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...tasks].sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined || next.dueMs > untilMs) break;
        nowMs = next.dueMs;
        if (next.periodMs > 0) next.dueMs += next.periodMs;
        else tasks.delete(next);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

/** A fix of tracker 1 in Utrecht at 0, standing; `parts` say what is different. */
export function fixOf(parts: Partial<Fix>): Fix {
  return {
    trackerId: 1,
    name: 'Patrol 14',
    groupIds: [],
    lon: 5.12,
    lat: 52.09,
    valid: true,
    altitudeM: null,
    fixMs: 0,
    speedKmh: 0,
    headingDeg: null,
    batteryPct: null,
    charging: null,
    satellitesInUse: null,
    satellitesInView: null,
    accuracyM: null,
    ...parts,
  };
}

/** A store and its feed as one, without the worker that lies between them on a page. */
export function createTestLive(clock: BrowserClock): {
  readonly store: LiveStore;
  readonly feed: LiveFeed;
} {
  const feed: LiveFeed = createLiveFeed({ clock, post: (message) => store.receive(message) });
  const store = createLiveStore((command) => feed.command(command));
  return { store, feed };
}
