/**
 * The live hub: the last state of every tracker in memory and what is to be sent of it at each tick.
 * Snapshots come out of the same memory that updates go into, so there is no gap between them.
 *
 * It knows no sockets, no log and no database: `follow` brings reports and events, `audience` brings the
 * registry and what sessions may see, `LiveSession` takes what leaves. Every method runs to its end
 * without waiting, so nobody ever sees it half changed.
 */
import {
  encodeAlert,
  encodeEvent,
  encodeFencesChanged,
  encodeLocationUpdate,
  encodePing,
  encodeTrackerNamed,
  toEventReply,
  type AlertReply,
  type ErrorCode,
} from '@followme/contracts';
import {
  trustedId,
  type FenceEvent,
  type GroupId,
  type RowCursor,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import type { Metrics } from '@followme/platform';
import { createCoalescer } from './coalesce.ts';
import { textFrame } from './frames.ts';
import { Roster, type RegisteredTracker } from './roster.ts';
import { LiveSession, type Audience, type SessionSocket } from './session.ts';
import { encodeTrackerState, type LiveFix, type TrackerState } from './tracker-state.ts';

/** Time between two rounds of writing. */
export const TICK_MS = 50;
/** Least time between two updates of one tracker. */
const UPDATE_GAP_MS = 450;

/** What changed in the registry. */
export interface RegistryChange {
  readonly trackers: readonly RegisteredTracker[];
  readonly retired: readonly TrackerId[];
}

/** The message that tells a tracker: where it is, or, when it never reported, what it is called. */
function encodeTracker(state: TrackerState, groups: readonly GroupId[]): string {
  if (state.hasFix) return encodeLocationUpdate(encodeTrackerState(state, groups));
  return encodeTrackerNamed({ tracker: state.trackerId, name: state.name, groups: [...groups] });
}

/** Frames of one tracker's present state: one for all who may know all its groups, few others. */
function createFrames(state: TrackerState): (session: LiveSession) => Buffer {
  const byGroups = new Map<string, Buffer>();
  let whole: Buffer | null = null;
  return (session) => {
    const groups = session.groupsOf(state);
    if (groups.length === state.groupIds.length) {
      whole ??= textFrame(encodeTracker(state, groups));
      return whole;
    }
    const key = groups.join();
    const frame = byGroups.get(key) ?? textFrame(encodeTracker(state, groups));
    byGroups.set(key, frame);
    return frame;
  };
}

function createCounters(metrics: Metrics) {
  const updates = metrics.counter('followme_live_updates_total', 'Updates by what became of them', [
    'outcome',
  ]);
  const drops = metrics.counter('followme_live_drops_total', 'What a viewer never got, by reason', [
    'reason',
  ]);
  const alerts = metrics.counter('followme_live_alerts_total', 'Alerts by what became of them', [
    'outcome',
  ]);
  const closed = metrics.counter('followme_live_sessions_closed_total', 'Sessions we closed', [
    'code',
  ]);
  return {
    sent: updates.of({ outcome: 'sent' }),
    held: updates.of({ outcome: 'held' }),
    caughtUp: updates.of({ outcome: 'caughtUp' }),
    alertsSent: alerts.of({ outcome: 'sent' }),
    alertsHeld: alerts.of({ outcome: 'held' }),
    eventsDisplaced: drops.of({ reason: 'eventsDisplacedBySlowReader' }),
    closed: (code: ErrorCode) => closed.of({ code }).inc(),
  };
}

export class LiveHub {
  readonly #roster = new Roster();
  readonly #coalescer = createCoalescer<TrackerState>({ tickMs: TICK_MS, gapMs: UPDATE_GAP_MS });
  readonly #counters: ReturnType<typeof createCounters>;
  readonly #pingFrame = textFrame(encodePing());
  readonly #fencesFrame = textFrame(encodeFencesChanged());
  /** Sessions with something to send or to wait for; the tick looks at no others. */
  readonly #busy = new Set<LiveSession>();
  #tickMs = 0;

  constructor(deps: { readonly metrics: Metrics }) {
    this.#counters = createCounters(deps.metrics);
    deps.metrics.gauge('followme_live_trackers', 'Trackers in memory', () => this.#roster.trackers);
    deps.metrics.gauge('followme_live_sessions', 'Open viewers', () => this.#roster.sessions);
  }

  /** Trackers in memory. */
  get trackers(): number {
    return this.#roster.trackers;
  }
  /** Open viewers. */
  get sessions(): number {
    return this.#roster.sessions;
  }

  /** A state as the store has it; changes nothing when the same or a newer one is known. */
  restore(tenantId: TenantId, trackerId: TrackerId, fix: LiveFix): void {
    const state = this.#roster.stateOf(tenantId, trackerId);
    if (!state.isOlderThan(fix)) return;
    Object.assign(state, fix);
    this.#changed(state);
  }

  /** A report; one that is not newer than what is known changes nothing. Answers whether it was newer. */
  apply(row: RowCursor): boolean {
    const state = this.#roster.stateOf(row.tenantId, row.trackerId);
    if (!state.isOlderThan(row)) return false;
    state.takeRow(row);
    this.#changed(state);
    return true;
  }

  /** Takes over what changed in the registry; open sessions see it with the next tick. */
  changeRegistry(change: RegistryChange): void {
    const tenants = new Set<TenantId>();
    for (const trackerId of change.retired) {
      const tenantId = this.#roster.retire(trackerId);
      if (tenantId !== null) tenants.add(tenantId);
    }
    for (const tracker of change.trackers) {
      const { state, changed } = this.#roster.register(tracker);
      if (changed) this.#coalescer.mark(state, this.#tickMs);
      tenants.add(tracker.tenantId);
    }
    for (const tenantId of tenants) {
      for (const session of this.#roster.sessionsOf(tenantId)) {
        this.#roster.look(session, session.audience);
        this.#busy.add(session);
      }
    }
  }

  /** A new viewer; its cache goes out with the next ticks. */
  open(tenantId: TenantId, audience: Audience, socket: SessionSocket): LiveSession {
    const session = new LiveSession(tenantId, socket, (state, to) => createFrames(state)(to));
    session.open(this.#roster.join(session, audience));
    this.#busy.add(session);
    return session;
  }

  /** What a viewer may see may have changed. */
  setAudience(session: LiveSession, audience: Audience): void {
    this.#roster.look(session, audience);
    this.#busy.add(session);
  }

  /** The viewer went (`code` null) or is sent away. */
  close(session: LiveSession, code: ErrorCode | null): void {
    if (!this.#roster.leave(session)) return;
    this.#busy.delete(session);
    if (code !== null) this.#counters.closed(code);
    session.close(code);
  }

  /** Hands an event to those who see its tracker. */
  announce(event: FenceEvent): void {
    const state = this.#roster.find(event.tenantId, event.trackerId);
    if (state === undefined) return;
    let frame: Buffer | null = null;
    this.#roster.forEachViewer(state, (session) => {
      frame ??= textFrame(encodeEvent(toEventReply(event)));
      if (session.offerEvent(frame) === 'displaced') this.#counters.eventsDisplaced.inc();
      this.#busy.add(session);
    });
  }

  /** Whether a tracker is in service, so that the roster knows who sees it. */
  isRegistered(tenantId: TenantId, trackerId: TrackerId): boolean {
    return this.#roster.find(tenantId, trackerId)?.isRegistered ?? false;
  }

  /**
   * Hands an alert to those who see its tracker; about one that is out of service, to those who see one of
   * the groups it was in.
   */
  announceAlert(tenantId: TenantId, alert: AlertReply, retiredGroups: readonly GroupId[]): void {
    const state = this.#roster.find(tenantId, trustedId<TrackerId>(alert.trackerId));
    if (state?.isRegistered === true) {
      const viewers: LiveSession[] = [];
      this.#roster.forEachViewer(state, (session) => viewers.push(session));
      return this.tellAlert(viewers, alert);
    }
    const viewers = [...this.#roster.sessionsOf(tenantId)].filter(
      ({ audience }) =>
        audience === 'all' || retiredGroups.some((groupId) => audience.has(groupId)),
    );
    this.tellAlert(viewers, alert);
  }

  /** Hands an alert to these sessions; its bytes are built once. One that holds too many is sent away. */
  tellAlert(sessions: readonly LiveSession[], alert: AlertReply): void {
    if (sessions.length === 0) return;
    const frame = textFrame(encodeAlert(alert));
    for (const session of sessions) {
      const outcome = session.offerAlert(alert.id, frame);
      if (outcome === 'overflow') {
        this.close(session, 'SLOW_READER');
        continue;
      }
      (outcome === 'sent' ? this.#counters.alertsSent : this.#counters.alertsHeld).inc();
      if (!session.isClosed) this.#busy.add(session);
    }
  }

  /** Fences of a tenant are not any more what its viewers were told. */
  tellFencesChanged(tenantId: TenantId): void {
    for (const session of this.#roster.sessionsOf(tenantId)) {
      session.oweFences(this.#fencesFrame);
      this.#busy.add(session);
    }
  }

  /** Sends what is due; called every `TICK_MS` with a clock that never goes back. */
  tick(nowMs: number): void {
    this.#tickMs = nowMs;
    let sent = 0;
    let offered = 0;
    for (const state of this.#coalescer.tick(nowMs)) {
      const frameOf = createFrames(state);
      this.#roster.forEachViewer(state, (session) => {
        offered += 1;
        if (session.offer(state, frameOf(session)) === 'sent') sent += 1;
        this.#busy.add(session);
      });
    }
    // counted once a tick: an increment costs as much as the offer itself
    if (sent > 0) this.#counters.sent.inc(sent);
    if (offered > sent) this.#counters.held.inc(offered - sent);
    for (const session of this.#busy) this.#flush(session, nowMs);
  }

  /** The heartbeat; called every second. */
  ping(): void {
    for (const session of this.#roster.sessionsOf()) {
      session.offerPing(this.#pingFrame);
      this.#busy.add(session);
    }
  }

  /** Sends every viewer away. */
  closeAll(code: ErrorCode): void {
    for (const session of this.#roster.sessionsOf()) this.close(session, code);
  }

  #changed(state: TrackerState): void {
    if (state.isRegistered && this.#roster.hasSessions(state.tenantId)) {
      this.#coalescer.mark(state, this.#tickMs);
    }
  }

  #flush(session: LiveSession, nowMs: number): void {
    const outcome = session.flush(nowMs);
    if (outcome.caughtUp > 0) this.#counters.caughtUp.inc(outcome.caughtUp);
    if (outcome.isStalled) this.close(session, 'SLOW_READER');
    else if (outcome.isIdle) this.#busy.delete(session);
  }
}
