import type { Map as MapLibreMap } from 'maplibre-gl';
import type { CancelTimer } from '../browser/clock.ts';
import type { LiveTracker } from '../live/live-tracker.ts';
import { diffMarks, isEmptyDiff, type MarkFeature } from './mark-diff.ts';
import { type MapEngineDeps, sourceOf } from './map-parts.ts';

const MARKS_PERIOD_MS = 500;

/** Sends marks to the engine, at most one delta at a time and two a second. */
export function createMarkLayer(map: MapLibreMap, deps: MapEngineDeps) {
  const { clock, store, events } = deps;
  const drawn = new Map<number, LiveTracker>();
  let pending = new Set<number>(store.snapshot().trackers.keys());
  let isVisible: (tracker: LiveTracker) => boolean = () => true;
  let excludedId: number | null = null;
  let cancelTimer: CancelTimer | null = null;
  let sending = false;

  async function send(): Promise<void> {
    if (sending || pending.size === 0) return;
    const candidates = pending;
    pending = new Set();
    const { trackers } = store.snapshot();
    const isDrawn = (tracker: LiveTracker): boolean =>
      tracker.trackerId !== excludedId && isVisible(tracker);
    const diff = diffMarks({ candidates, trackers, isVisible: isDrawn, drawn });
    const source = sourceOf(map, 'marks');
    if (isEmptyDiff(diff) || source === undefined) return;
    sending = true;
    try {
      await source.updateData({
        remove: [...diff.remove],
        add: diff.add.map((feature) => feature),
        update: diff.update.map(toFeatureUpdate),
      });
    } finally {
      sending = false;
    }
    tellCount();
  }

  function tellCount(): void {
    const excluded = excludedId === null ? undefined : store.snapshot().trackers.get(excludedId);
    events.onMarks(drawn.size + (excluded?.fix == null ? 0 : 1));
  }

  function schedule(): void {
    cancelTimer ??= clock.after(MARKS_PERIOD_MS, () => {
      cancelTimer = null;
      void send().then(() => {
        if (pending.size > 0) schedule();
      });
    });
  }

  const unsubscribe = store.subscribeChanges((changed) => {
    for (const trackerId of changed) pending.add(trackerId);
    schedule();
  });
  void send();

  return {
    drawn,
    setVisible(next: (tracker: LiveTracker) => boolean): void {
      isVisible = next;
      pending = new Set([...store.snapshot().trackers.keys(), ...drawn.keys()]);
      void send();
      if (pending.size > 0) schedule();
    },
    /** Leaves out one tracker: the selection is drawn by itself and joins no cluster. */
    exclude(trackerId: number | null): void {
      if (trackerId === excludedId) return;
      for (const each of [trackerId, excludedId]) if (each !== null) pending.add(each);
      excludedId = trackerId;
      void send();
      if (pending.size > 0) schedule();
    },
    stop(): void {
      unsubscribe();
      cancelTimer?.();
    },
  };
}

function toFeatureUpdate(feature: MarkFeature) {
  const { image, heading, order } = feature.properties;
  return {
    id: feature.id,
    newGeometry: feature.geometry,
    addOrUpdateProperties: [
      { key: 'image', value: image },
      { key: 'heading', value: heading },
      { key: 'order', value: order },
    ],
  };
}
