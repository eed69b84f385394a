import { formatSpan } from '../../format/relative-time.ts';
import { formatSpeed } from '../../format/units.ts';
import { type LiveTracker, shownSpeedKmh } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';

/** The state in a word; without a connection (`asOfMs` set) it is told as what it was. */
export function stateWord({ fix, state }: LiveTracker, asOfMs: number | null): string {
  if (fix !== null && !fix.valid) return messages.trackers.noFix;
  return asOfMs === null ? messages.trackers.state[state] : messages.trackers.was[state];
}

/** The same with what belongs to it: how fast, or for how long. */
export function stateSentence(tracker: LiveTracker, nowMs: number, asOfMs: number | null): string {
  const { fix, state } = tracker;
  if (fix === null) return messages.trackers.neverHeard;
  if (!fix.valid) return messages.detail.noFix;
  if (state === 'silent') return messages.detail.silentFor(formatSpan(nowMs - fix.fixMs));
  const speedKmh = shownSpeedKmh(tracker);
  if (state === 'idle' || speedKmh === null) return stateWord(tracker, asOfMs);
  const { movingAt, wasMovingAt } = messages.detail;
  return (asOfMs === null ? movingAt : wasMovingAt)(formatSpeed(speedKmh));
}
