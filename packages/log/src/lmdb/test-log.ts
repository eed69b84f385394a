/** Logs in folders of their own, with a clock that tests turn. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMetrics,
  silentLogger,
  systemClock,
  type Clock,
  type Metrics,
} from '@followme/platform';
import type { Log } from '../port.ts';
import type { LaneCounts } from './engine.ts';
import { createLmdbLog } from './lmdb-log.ts';

/** The machine's clock, moved forward by what `pass` was told. */
interface TurnedClock extends Clock {
  pass(durationMs: number): void;
}

/** A wall clock that stands still until it is turned. */
function createTurnedClock(): TurnedClock {
  let nowMs = 1_700_000_000_000;
  return {
    ...systemClock,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    pass: (durationMs) => void (nowMs += durationMs),
  };
}

/** A folder for one log, opened as often as a test likes. */
export interface LogFolder {
  readonly path: string;
  readonly clock: TurnedClock;
  readonly metrics: Metrics;
  open(lanes: LaneCounts): Promise<Log>;
  /** Closes every log opened here and removes the folder. */
  remove(): Promise<void>;
}

/** A new empty folder. */
export async function createLogFolder(): Promise<LogFolder> {
  const path = await mkdtemp(join(tmpdir(), 'followme-log-'));
  const clock = createTurnedClock();
  const metrics = createMetrics();
  const opened: Log[] = [];
  return {
    path,
    clock,
    metrics,
    async open(lanes) {
      const log = await createLmdbLog({ path, lanes, clock, metrics, logger: silentLogger });
      opened.push(log);
      return log;
    },
    async remove() {
      for (const log of opened) await log.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}
