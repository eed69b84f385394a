/** What is known of all trackers, and how each thing that is heard changes it. No time, no listeners. */
import {
  applyFix,
  type JudgedTracker,
  type KnownTracker,
  renameTracker,
  unheardTracker,
} from './live-tracker.ts';
import type { Crossing, Fix, SocketFrame } from './socket-frames.ts';

const MAX_CROSSINGS = 200;

export class LiveContents {
  readonly trackers = new Map<number, JudgedTracker>();
  /** Trackers that changed since somebody emptied it. */
  readonly changed = new Set<number>();
  /** Those of them that came, went, or got another name or other groups. */
  readonly renamed = new Set<number>();
  /** Trackers that came or went by the socket: a list asked for before knows less of them. */
  readonly #heard = new Set<number>();
  #rosterVersion = 0;
  #stateVersion = 0;
  #fencesVersion = 0;
  #crossings: readonly Crossing[] = [];

  /** What a snapshot tells besides the trackers. */
  get versions() {
    return {
      rosterVersion: this.#rosterVersion,
      stateVersion: this.#stateVersion,
      fencesVersion: this.#fencesVersion,
      crossings: this.#crossings,
    };
  }

  put(next: JudgedTracker): void {
    const previous = this.trackers.get(next.trackerId);
    if (previous === next) return;
    this.trackers.set(next.trackerId, next);
    this.changed.add(next.trackerId);
    if (previous?.name !== next.name || previous.groupIds !== next.groupIds) {
      this.renamed.add(next.trackerId);
      this.#rosterVersion += 1;
    }
    if (previous?.state !== next.state) this.#stateVersion += 1;
  }

  /** Takes over one frame. */
  apply(frame: SocketFrame, nowMs: number): void {
    switch (frame.header) {
      case 'cache':
        this.#applyCache(frame.fixes, nowMs);
        break;
      case 'locationUpdate':
        this.put(applyFix(this.trackers.get(frame.fix.trackerId), frame.fix, nowMs));
        break;
      case 'trackerNamed':
        this.#heard.add(frame.trackerId);
        this.#name(frame);
        break;
      case 'trackerRemoved':
        this.#heard.add(frame.trackerId);
        this.#remove(frame.trackerId);
        break;
      case 'event':
        this.#addCrossing(frame.crossing);
        break;
      case 'fencesChanged':
        this.#fencesVersion += 1;
        break;
      case 'alert':
      case 'ping':
      case 'identificationResponse':
      case 'unknown':
        break;
    }
  }

  /** A connection begins: lists that are asked for from here on know all that was heard before. */
  forgetHeard(): void {
    this.#heard.clear();
  }

  /**
   * Takes over the list of trackers. It decides on those that never reported; of the others the socket
   * knows more, and of those that came or went by the socket too.
   */
  setKnown(known: readonly KnownTracker[]): void {
    const listed = new Set(known.map(({ trackerId }) => trackerId));
    // removing while walking over a map is well defined
    for (const { trackerId, fix } of this.trackers.values()) {
      if (fix === null && !listed.has(trackerId) && !this.#heard.has(trackerId)) {
        this.#remove(trackerId);
      }
    }
    for (const tracker of known) {
      const hasFix = (this.trackers.get(tracker.trackerId)?.fix ?? null) !== null;
      if (!hasFix && !this.#heard.has(tracker.trackerId)) this.#name(tracker);
    }
  }

  #name(known: KnownTracker): void {
    const previous = this.trackers.get(known.trackerId);
    this.put(previous === undefined ? unheardTracker(known) : renameTracker(previous, known));
  }

  #remove(trackerId: number): void {
    if (!this.trackers.delete(trackerId)) return;
    this.changed.add(trackerId);
    this.renamed.add(trackerId);
    this.#rosterVersion += 1;
    this.#stateVersion += 1;
  }

  /** A cache names everything this session may see: who had a place and is not in it has gone. */
  #applyCache(fixes: readonly Fix[], nowMs: number): void {
    const seen = new Set(fixes.map((fix) => fix.trackerId));
    for (const tracker of this.trackers.values()) {
      if (tracker.fix !== null && !seen.has(tracker.trackerId)) this.#remove(tracker.trackerId);
    }
    for (const fix of fixes) this.put(applyFix(this.trackers.get(fix.trackerId), fix, nowMs));
  }

  #addCrossing(crossing: Crossing): void {
    if (this.#crossings.some((known) => known.eventId === crossing.eventId)) return;
    this.#crossings = [crossing, ...this.#crossings].slice(0, MAX_CROSSINGS);
  }
}
