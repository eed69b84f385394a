/**
 * What is sent to one viewer. A session is in one of three states:
 * - `opening`: the cache goes out piece by piece, as fast as the socket takes it; changes wait in `#missed`.
 * - `live`: changes are collected during a tick and leave in one write.
 * - `closed`: nothing any more.
 *
 * Memory is bounded whatever the reader does: at most `MAX_UNSENT_BYTES` and one piece wait in the socket.
 * A tracker that does not fit is only remembered as missed, and its newest state follows when there is
 * room; so is one that went out of view, until it was told; events wait in a short queue of their own. Of
 * an alert its newest form waits, and no alert is left out while the session lives: when too many wait it is
 * closed, as is a socket that stays full for `MAX_STALL_MS`.
 * All fields are changed by the methods of this class only, which `LiveHub` calls.
 */
import { CACHE_END, CACHE_START, encodeTrackerRemoved, type ErrorCode } from '@followme/contracts';
import type { GroupId, TenantId, TrackerId } from '@followme/model';
import { textFragment, textFrame } from './frames.ts';
import { encodeTrackerState, type TrackerState } from './tracker-state.ts';

/** Bytes that may wait in a socket before its session is passed over. */
export const MAX_UNSENT_BYTES = 256 * 1024;
/** How long a socket may stay full. */
export const MAX_STALL_MS = 30_000;
/** Events that wait for a slow socket; the oldest make room. */
export const MAX_HELD_EVENTS = 256;
/** Alerts that wait for a slow socket; none makes room for another, so beyond it the session is closed. */
export const MAX_HELD_ALERTS = 5_000;
/** Characters of the cache that are put together at a time. */
const CACHE_PIECE_CHARS = 64 * 1024;

/** The part of a socket that a session uses. */
export interface SessionSocket {
  /** Bytes given to `write` that have not left yet. */
  readonly unsentBytes: number;
  /** Sends whole frames. */
  write(frames: Uint8Array): void;
  /** Says why and lets the connection go. */
  close(code: ErrorCode): void;
}

/** Which trackers of its tenant a session sees: all, or those of these groups. */
export type Audience = 'all' | ReadonlySet<GroupId>;

/** What happened in a flush, for the counters. */
export interface FlushOutcome {
  /** Missed states that were sent now. */
  readonly caughtUp: number;
  /** The socket was full for too long and must be closed. */
  readonly isStalled: boolean;
  /** Nothing is left to do until something new comes. */
  readonly isIdle: boolean;
}

/** What may happen to an offer; after `overflow` the session must be closed. */
export type OfferOutcome = 'sent' | 'held' | 'displaced' | 'overflow';

export class LiveSession {
  readonly tenantId: TenantId;
  readonly #socket: SessionSocket;
  readonly #frameOf: (state: TrackerState, session: LiveSession) => Buffer;
  #state: 'opening' | 'live' | 'closed' = 'opening';
  /** What it sees: nothing until the hub has decided. Changed by `setVisible` only. */
  #audience: Audience = new Set();
  #visible: ReadonlySet<TrackerState> | 'all' = new Set();
  /** Trackers still to be told in the cache; only in `opening`. */
  #cache: Iterator<TrackerState> | null = null;
  #isCacheStarted = false;
  #cacheItems = 0;
  #outbox: Buffer[] = [];
  #outboxBytes = 0;
  /** Trackers whose newest state this viewer has not got yet. */
  readonly #missed = new Set<TrackerState>();
  /** Trackers it may have been told of and sees no more; disjoint from what it sees. */
  readonly #lost = new Set<TrackerId>();
  /** The message that fences changed, while it is owed. */
  #fencesFrame: Buffer | null = null;
  #heldEvents: Buffer[] = [];
  /** The newest form of each alert that waits, by the alert's id. */
  readonly #heldAlerts = new Map<number, Buffer>();
  /** Trackers that came into view while it looked: their open alerts are still to be told. */
  readonly #gained = new Set<TrackerState>();
  #fullSinceMs: number | null = null;

  constructor(
    tenantId: TenantId,
    socket: SessionSocket,
    frameOf: (state: TrackerState, session: LiveSession) => Buffer,
  ) {
    this.tenantId = tenantId;
    this.#socket = socket;
    this.#frameOf = frameOf;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }
  get audience(): Audience {
    return this.#audience;
  }
  /** What it sees at present. */
  get visible(): ReadonlySet<TrackerState> | 'all' {
    return this.#visible;
  }
  /** Trackers it is behind with. */
  get missed(): number {
    return this.#missed.size;
  }

  /** Trackers whose open alerts it does not know yet, since it did not see them when it was opened. */
  get gained(): ReadonlySet<TrackerState> {
    return this.#gained;
  }

  /** Sets what it sees from now on. */
  setVisible(audience: Audience, visible: ReadonlySet<TrackerState> | 'all'): void {
    this.#audience = audience;
    this.#visible = visible;
    for (const state of this.#missed) if (!this.sees(state)) this.#missed.delete(state);
  }

  /** Whether it may hear of this tracker. */
  sees(state: TrackerState): boolean {
    if (this.#visible === 'all') return state.isRegistered && state.tenantId === this.tenantId;
    return this.#visible.has(state);
  }

  /** The groups of a tracker that this session may know of. */
  groupsOf(state: TrackerState): readonly GroupId[] {
    const audience = this.#audience;
    // most trackers are in one group: the one through which it is seen
    if (audience === 'all' || state.groupIds.length <= 1) return state.groupIds;
    return state.groupIds.filter((groupId) => audience.has(groupId));
  }

  /** Begins the cache with these trackers; called once, before anything else is sent. */
  open(trackers: Iterator<TrackerState>): void {
    this.#cache = trackers;
  }

  /**
   * A tracker changed; `frame` is its newest state as a whole frame. It waits behind alerts and events that wait,
   * also when it would fit where they do not.
   */
  offer(state: TrackerState, frame: Buffer): OfferOutcome {
    const isBehind = this.#heldAlerts.size > 0 || this.#heldEvents.length > 0;
    if (this.#state !== 'live' || isBehind || this.#room() < frame.length) {
      this.#missed.add(state);
      return 'held';
    }
    this.#missed.delete(state);
    this.#push(frame);
    return 'sent';
  }

  /** Its state is to be sent as soon as there is room, though it did not change. */
  owe(state: TrackerState): void {
    if (this.#state === 'closed') return;
    this.#lost.delete(state.trackerId);
    this.#missed.add(state);
  }

  /** A tracker that was there came into its view: its state is owed, and so are its alerts. */
  gain(state: TrackerState): void {
    if (this.#state === 'closed') return;
    this.owe(state);
    this.#gained.add(state);
  }

  /** The open alerts of these trackers were told. */
  settleGained(states: Iterable<TrackerState>): void {
    for (const state of states) this.#gained.delete(state);
  }

  /** It sees this tracker no more, and is to be told so. */
  lose(state: TrackerState): void {
    if (this.#state === 'closed') return;
    this.#missed.delete(state);
    this.#gained.delete(state);
    this.#lost.add(state.trackerId);
  }

  /** It is to be told, once, that fences changed. */
  oweFences(frame: Buffer): void {
    if (this.#state !== 'closed') this.#fencesFrame = frame;
  }

  /** Something that is no state and must not be replaced by a newer one. */
  offerEvent(frame: Buffer): OfferOutcome {
    if (this.#state === 'live' && this.#heldEvents.length === 0 && this.#room() >= frame.length) {
      this.#push(frame);
      return 'sent';
    }
    this.#heldEvents.push(frame);
    if (this.#heldEvents.length <= MAX_HELD_EVENTS) return 'held';
    this.#heldEvents.shift();
    return 'displaced';
  }

  /** An alert as it is now, which takes the place of an older form of it that waits. */
  offerAlert(alertId: number, frame: Buffer): OfferOutcome {
    if (this.#state === 'closed') return 'held';
    const waits = this.#heldAlerts.has(alertId);
    if (this.#state === 'live' && !waits && this.#room() >= frame.length) {
      this.#push(frame);
      return 'sent';
    }
    this.#heldAlerts.set(alertId, frame);
    return this.#heldAlerts.size > MAX_HELD_ALERTS ? 'overflow' : 'held';
  }

  /** The heartbeat; left out while the socket is full or the cache is under way. */
  offerPing(frame: Buffer): void {
    if (this.#state === 'live' && this.#room() >= frame.length) this.#push(frame);
  }

  /** Sends what was collected and as much of what is owed as there is room for, in one write. */
  flush(nowMs: number): FlushOutcome {
    if (this.#state === 'closed') return { caughtUp: 0, isStalled: false, isIdle: true };
    if (this.#state === 'opening') this.#collectCache();
    const caughtUp = this.#state === 'live' ? this.#collectOwed() : 0;
    this.#write();
    const isFull = this.#socket.unsentBytes >= MAX_UNSENT_BYTES;
    if (isFull) this.#fullSinceMs ??= nowMs;
    else this.#fullSinceMs = null;
    return {
      caughtUp,
      isStalled: this.#fullSinceMs !== null && nowMs - this.#fullSinceMs >= MAX_STALL_MS,
      isIdle: this.#state === 'live' && !isFull && this.#isEven,
    };
  }

  /** Ends it; `code` null when the other side went already. */
  close(code: ErrorCode | null): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cache = null;
    this.#missed.clear();
    this.#lost.clear();
    this.#fencesFrame = null;
    this.#heldEvents = [];
    this.#heldAlerts.clear();
    this.#gained.clear();
    this.#outbox = [];
    this.#outboxBytes = 0;
    if (code !== null) this.#socket.close(code);
  }

  /** Nothing is owed. */
  get #isEven(): boolean {
    return (
      this.#missed.size === 0 &&
      this.#lost.size === 0 &&
      this.#fencesFrame === null &&
      this.#heldEvents.length === 0 &&
      this.#heldAlerts.size === 0
    );
  }

  #room(): number {
    return MAX_UNSENT_BYTES - this.#socket.unsentBytes - this.#outboxBytes;
  }

  #push(frame: Buffer): void {
    this.#outbox.push(frame);
    this.#outboxBytes += frame.length;
  }

  #write(): void {
    const [only] = this.#outbox;
    if (only === undefined) return;
    this.#socket.write(this.#outbox.length === 1 ? only : Buffer.concat(this.#outbox));
    this.#outbox = [];
    this.#outboxBytes = 0;
  }

  /** Puts pieces of the cache message into the outbox while there is room; the last makes it `live`. */
  #collectCache(): void {
    while (this.#cache !== null && this.#room() > 0) {
      const first = !this.#isCacheStarted;
      const parts: string[] = [];
      const last = this.#takeCachePiece(this.#cache, parts);
      const text = `${first ? CACHE_START : ''}${parts.join('')}${last ? CACHE_END : ''}`;
      this.#push(textFragment(text, { first, last }));
      this.#isCacheStarted = true;
      if (last) {
        this.#cache = null;
        this.#state = 'live';
      }
    }
  }

  /** Appends encoded trackers to `parts` up to a piece's size; true when there are no more. */
  #takeCachePiece(trackers: Iterator<TrackerState>, parts: string[]): boolean {
    let chars = 0;
    while (chars < CACHE_PIECE_CHARS) {
      const { value: state, done } = trackers.next();
      if (done === true) return true;
      if (!state.hasFix || !this.sees(state)) continue;
      // what waited for this tracker is told here
      this.#missed.delete(state);
      const separator = this.#cacheItems === 0 ? '' : ',';
      const text = separator + encodeTrackerState(state, this.groupsOf(state));
      this.#cacheItems += 1;
      chars += text.length;
      parts.push(text);
    }
    return false;
  }

  /** Puts what is owed into the outbox while there is room. Answers how many states were among it. */
  #collectOwed(): number {
    this.#collectAlerts();
    // while one does not fit nothing else takes its room
    if (this.#heldAlerts.size > 0) return 0;
    this.#collectLost();
    if (this.#fencesFrame !== null && this.#room() >= this.#fencesFrame.length) {
      this.#push(this.#fencesFrame);
      this.#fencesFrame = null;
    }
    this.#collectEvents();
    return this.#collectMissed();
  }

  #collectLost(): void {
    for (const trackerId of this.#lost) {
      if (this.#room() <= 0) return;
      this.#lost.delete(trackerId);
      this.#push(textFrame(encodeTrackerRemoved(trackerId)));
    }
  }

  #collectAlerts(): void {
    for (const [alertId, frame] of this.#heldAlerts) {
      if (this.#room() < frame.length) return;
      this.#heldAlerts.delete(alertId);
      this.#push(frame);
    }
  }

  #collectEvents(): void {
    let events = 0;
    for (const frame of this.#heldEvents) {
      if (this.#room() < frame.length) break;
      this.#push(frame);
      events += 1;
    }
    this.#heldEvents.splice(0, events);
  }

  #collectMissed(): number {
    let caughtUp = 0;
    for (const state of this.#missed) {
      if (this.#room() <= 0) break;
      this.#missed.delete(state);
      // a change that is due soon brings the newest state by itself
      if (state.isWaiting || !this.sees(state)) continue;
      this.#push(this.#frameOf(state, this));
      caughtUp += 1;
    }
    return caughtUp;
  }
}
