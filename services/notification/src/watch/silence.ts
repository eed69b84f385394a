/**
 * Looks for trackers nothing was heard of, and closes the cards of those that were heard again. Both by set-based
 * statements over the last states, a bounded number at a time; what is left is found by the next look.
 */
import type { Log } from '@followme/log';
import type { LogSequence } from '@followme/model';
import type { Clock, Logger } from '@followme/platform';
import {
  closeHeardAgain,
  laneSequences,
  silentRules,
  silentTrackers,
  type LaneSequences,
  type SilentRule,
  type Store,
} from '@followme/store';
import type { NotificationMetrics } from '../notification-metrics.ts';
import type { Occurrence } from '../raise/occurrence.ts';
import { tellChanged } from '../raise/raiser.ts';
import type { NotificationSettings } from '../settings.ts';

/** Most cards of one rule in one look, and most that close in one. */
const PER_LOOK = 500;

export interface SilenceDeps {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  readonly settings: NotificationSettings;
  /** Raises alerts about these. */
  readonly raise: (occurrences: readonly Occurrence[]) => Promise<void>;
}

export interface SilenceWatch {
  start(): void;
  /** Waits for a look under way. */
  stop(): Promise<void>;
}

/** A watch that has not started. */
export function createSilenceWatch(deps: SilenceDeps): SilenceWatch {
  const { clock, logger, settings } = deps;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  let cancel = (): void => undefined;
  const look = createLook(deps);
  const tick = (): void => {
    if (isRunning) return;
    isRunning = true;
    running = look()
      .catch((error: unknown) => logger.warn('notification.silenceUnknown', { error }))
      .finally(() => (isRunning = false));
  };
  return {
    start: () => void (cancel = clock.every(settings.silenceEveryMs, tick)),
    async stop() {
      cancel();
      await running;
    },
  };
}

/** One look after the other; remembers where the recorder has to be for its last states to be believed. */
function createLook(deps: SilenceDeps): () => Promise<void> {
  const { store, clock, log, metrics, settings } = deps;
  const startedMs = clock.monotonicMs();
  let ends: ReadonlyMap<number, LogSequence> | null = null;
  return async () => {
    const nowMs = clock.nowMs();
    const sequences = await store.asSystem(laneSequences);
    const isCurrent = ends !== null && hasRecorded(sequences, ends);
    ends = new Map(
      sequences
        .filter(({ consumer }) => consumer === 'alarms')
        .map(({ lane, committedSequence }) => [lane, committedSequence]),
    );
    const closed = await store.asSystem((system) =>
      closeHeardAgain(system, { nowMs, limit: PER_LOOK }),
    );
    for (const count of closed.values()) metrics.heardAgain.inc(count);
    tellChanged(log, closed.keys());
    // with last states that stand still everybody would be silent
    if (!isCurrent) return;
    const listenedMs = clock.monotonicMs() - startedMs;
    for (const rule of await store.asSystem(silentRules)) {
      // who reports seldom gets the time to do so after we were away
      if (listenedMs < Math.min(rule.afterS * 1_000, settings.silenceGraceMs)) continue;
      const silent = await findSilent(store, rule, nowMs);
      if (silent.length > 0) await deps.raise(silent);
    }
  };
}

/** Whether the last states hold everything the log held at the look before. */
function hasRecorded(
  sequences: readonly LaneSequences[],
  ends: ReadonlyMap<number, LogSequence>,
): boolean {
  const recorded = new Map(
    sequences
      .filter(({ consumer }) => consumer === 'recorder')
      .map(({ lane, stateSequence }) => [lane as number, stateSequence]),
  );
  return [...ends].every(([lane, end]) => (recorded.get(lane) ?? -1) >= end);
}

async function findSilent(
  store: Store,
  rule: SilentRule,
  nowMs: number,
): Promise<readonly Occurrence[]> {
  const { tenantId, ruleId, groupIds } = rule;
  const beforeMs = nowMs - rule.afterS * 1_000;
  const found = await store.asSystem((system) =>
    silentTrackers(system, { tenantId, ruleId, groupIds, beforeMs, limit: PER_LOOK }),
  );
  return found.map(({ trackerId, heardMs, lon, lat }) => ({
    tenantId,
    trackerId,
    timeMs: heardMs,
    lon,
    lat,
    cause: { kind: 'silent', ruleId },
  }));
}
