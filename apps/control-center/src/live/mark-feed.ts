/** Keeps the marks of one map right: what is in sight, as the difference to what was sent before. */
import type { JudgedTracker } from './live-tracker.ts';
import type { MarksMessage, PostMessage } from './live-protocol.ts';
import { type Box, clusterMarks, type MapMark, type MapView } from './mark-clusters.ts';
import {
  diffMarks,
  type FormatCount,
  isEmptyDiff,
  markFeature,
  type MarkFeature,
  shortCountIn,
} from './mark-features.ts';
import type { RowList } from './row-list.ts';

/** More members than this are not listed: who wants them all zooms in or filters the list. */
export const MAX_MEMBERS = 200;

interface MarkFeedDeps {
  readonly trackers: ReadonlyMap<number, JudgedTracker>;
  readonly rows: RowList;
  readonly post: PostMessage;
}

export class MarkFeed {
  readonly #deps: MarkFeedDeps;
  /** Null while no map is open. */
  #mapId: number | null = null;
  #view: MapView | null = null;
  #selectedId: number | null = null;
  #drawn = new Map<number, MarkFeature>();
  #members = new Map<number, readonly number[]>();
  #count = -1;
  #formatCount: FormatCount = String;

  constructor(deps: MarkFeedDeps) {
    this.#deps = deps;
  }

  /** A map without marks begins; nothing that was sent before is on it. */
  open(mapId: number): void {
    this.close();
    this.#mapId = mapId;
  }

  close(): void {
    this.#mapId = null;
    this.#view = null;
    this.#drawn = new Map();
    this.#members = new Map();
    this.#count = -1;
  }

  /** Numbers are written as in this language. */
  setLocale(locale: string): void {
    this.#formatCount = shortCountIn(locale);
  }

  setView(view: MapView): void {
    this.#view = view;
  }

  select(trackerId: number | null): void {
    this.#selectedId = trackerId;
  }

  /** Who is in a cluster, what needs attention first; nobody when it is gone. */
  members(clusterId: number): readonly number[] {
    const { trackers, rows } = this.#deps;
    const rank = (id: number): number => (rows.alertOf(id) === undefined ? 1 : 0);
    return (this.#members.get(clusterId) ?? [])
      .filter((id) => trackers.has(id))
      .toSorted((a, b) => rank(a) - rank(b));
  }

  /** Sends what is to be drawn anew, if a map is open and there is anything. */
  send(): void {
    const mapId = this.#mapId;
    if (mapId === null) return;
    const { box, count, visible } = this.#look();
    const marks = this.#view === null ? [] : this.#cluster(visible, this.#view);
    const features = this.#view === null ? [] : this.#features(marks, this.#view);
    const diff = diffMarks(features, this.#drawn);
    if (isEmptyDiff(diff) && count === this.#count) return;
    this.#count = count;
    const message: MarksMessage = { type: 'marks', mapId, diff, count, box };
    this.#deps.post(message);
  }

  #look() {
    const { trackers, rows } = this.#deps;
    const visible: JudgedTracker[] = [];
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    let count = 0;
    for (const tracker of trackers.values()) {
      const { fix, trackerId } = tracker;
      if (fix === null || !rows.isVisible(tracker)) continue;
      count += 1;
      west = Math.min(west, fix.lon);
      east = Math.max(east, fix.lon);
      south = Math.min(south, fix.lat);
      north = Math.max(north, fix.lat);
      if (trackerId !== this.#selectedId) visible.push(tracker);
    }
    const box: Box | null = count === 0 ? null : { west, south, east, north };
    return { box, count, visible };
  }

  #cluster(trackers: readonly JudgedTracker[], view: MapView): readonly MapMark[] {
    return clusterMarks({ trackers, view, alertOf: this.#deps.rows.alertOf });
  }

  #features(marks: readonly MapMark[], view: MapView): MarkFeature[] {
    this.#members = new Map();
    for (const mark of marks) {
      if (mark.kind === 'cluster') this.#members.set(mark.id, mark.trackerIds);
    }
    return marks.map((mark) => markFeature(mark, view, this.#formatCount));
  }
}
