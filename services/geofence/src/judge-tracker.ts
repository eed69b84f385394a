/**
 * One fix, or one change of fences, applied to one tracker. The operator and `replay` both come through
 * here: what one of them says the other says too.
 */
import {
  ignoreFix,
  judgedTimeMs,
  judgeFix,
  rejudge,
  type Crossing,
  type FenceIndex,
  type FenceMatches,
  type Fix,
} from '@followme/geo';
import type { FenceEvent, TenantId, TrackerId } from '@followme/model';
import { fenceEventId } from './event-id.ts';
import { TrackerMemory } from './tracker-memory.ts';

/** A fix with who and where; the caller may use one object for all. */
export interface PlacedFix extends Fix {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly lonE7: number;
  readonly latE7: number;
}

/** Hears what judging comes to. */
export interface JudgeSink {
  /** The fix changed nothing. */
  ignored(why: 'late' | 'invalid' | 'otherTenant'): void;
  /** The tracker has a newer fix, or is in other fences. */
  touched(tracker: TrackerMemory): void;
  /** A crossing, in order; `touched` follows. */
  happened(event: FenceEvent, tracker: TrackerMemory): void;
}

/** The fences a tracker is judged by. */
export interface FencesInForce {
  readonly version: number;
  readonly index: FenceIndex;
}

/** Judges one fix; `found` is working space. A tracker that was never judged is added to `trackers`. */
export function judgePlacedFix(
  trackers: Map<TrackerId, TrackerMemory>,
  fix: PlacedFix,
  by: { readonly fences: FencesInForce; readonly found: FenceMatches; readonly sink: JudgeSink },
): void {
  const known = trackers.get(fix.trackerId) ?? null;
  const { fences, found, sink } = by;
  if (known !== null && known.tenantId !== fix.tenantId) return sink.ignored('otherTenant');
  const [lon, lat] = [fix.lonE7 / 1e7, fix.latE7 / 1e7];
  if (ignoreFix(known, fix) === null) {
    if (known?.safePlace.covers(fences.index, lon, lat) === true) {
      known.moveTo(fix);
      return sink.touched(known);
    }
    found.trackerId = fix.trackerId;
    fences.index.query(lon, lat, found);
  }
  const judgement = judgeFix(known, fix, found);
  if (judgement.outcome === 'ignored') return sink.ignored(judgement.why);

  const tracker = known ?? addTracker(trackers, fix);
  tracker.moveTo(fix);
  tracker.safePlace.note(fences.index, lon, lat);
  if (judgement.outcome === 'crossed') {
    tracker.inside = judgement.inside;
    for (const crossing of judgement.crossings) {
      const event = eventOf(tracker, crossing, {
        fencesVersion: fences.version,
        fenceName: fences.index.get(crossing.fenceId)?.name ?? String(crossing.fenceId),
        receivedTimeMs: fix.receivedTimeMs,
      });
      sink.happened(event, tracker);
    }
  }
  sink.touched(tracker);
}

/** A tenant's fences became `after` at `receivedTimeMs`; judges one of its trackers again where it is. */
export function judgeFenceChange(
  tracker: TrackerMemory,
  change: {
    readonly before: FencesInForce;
    readonly after: FencesInForce;
    readonly receivedTimeMs: number;
    /** Working space. */
    readonly found: FenceMatches;
  },
  sink: JudgeSink,
): void {
  const { before, after, receivedTimeMs, found } = change;
  const step = { before: before.index, after: after.index };
  const judgement = rejudge(tracker, step, found);
  if (judgement.outcome !== 'crossed') return;
  tracker.inside = judgement.inside;
  for (const crossing of judgement.crossings) {
    const { fenceId } = crossing;
    const fence = after.index.get(fenceId) ?? before.index.get(fenceId);
    const event = eventOf(tracker, crossing, {
      fencesVersion: after.version,
      fenceName: fence?.name ?? String(fenceId),
      receivedTimeMs,
    });
    sink.happened(event, tracker);
  }
  sink.touched(tracker);
}

function addTracker(trackers: Map<TrackerId, TrackerMemory>, fix: PlacedFix): TrackerMemory {
  const { tenantId, trackerId, lonE7, latE7 } = fix;
  const tracker = new TrackerMemory({
    tenantId,
    trackerId,
    eventSeq: 0,
    lastFixTimeMs: judgedTimeMs(fix),
    lonE7,
    latE7,
    inside: [],
  });
  trackers.set(trackerId, tracker);
  return tracker;
}

/** Gives the crossing the tracker's next number, and with it its id; place and time are the tracker's. */
function eventOf(
  tracker: TrackerMemory,
  crossing: Crossing,
  rest: Pick<FenceEvent, 'fencesVersion' | 'fenceName' | 'receivedTimeMs'>,
): FenceEvent {
  tracker.eventSeq += 1;
  const { tenantId, trackerId, eventSeq, lastFixTimeMs, lonE7, latE7 } = tracker;
  return {
    eventId: fenceEventId(trackerId, eventSeq),
    tenantId,
    trackerId,
    eventSeq,
    fixTimeMs: lastFixTimeMs,
    lon: lonE7 / 1e7,
    lat: latE7 / 1e7,
    ...crossing,
    ...rest,
  };
}
