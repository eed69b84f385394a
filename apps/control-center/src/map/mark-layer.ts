import type { Map as MapLibreMap } from 'maplibre-gl';
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import type { LiveStore } from '../live/live-store.ts';
import type { LiveTracker } from '../live/live-tracker.ts';
import { diffMarks, isEmptyDiff, type MarkDiff, type MarkFeature } from './mark-diff.ts';
import { type MapEngineDeps, sourceOf } from './map-parts.ts';

const MARKS_PERIOD_MS = 500;

/** Runs something half a second after it was first asked for, however often it is asked for. */
function createPacer(clock: BrowserClock, run: () => void) {
  let cancel: CancelTimer | null = null;
  return {
    soon(): void {
      cancel ??= clock.after(MARKS_PERIOD_MS, () => {
        cancel = null;
        run();
      });
    },
    stop: () => cancel?.(),
  };
}

function hasPlace(store: LiveStore, trackerId: number | null): boolean {
  const tracker = trackerId === null ? undefined : store.snapshot().trackers.get(trackerId);
  return tracker !== undefined && tracker.fix !== null;
}

/** Sends marks to the engine, at most one delta at a time and two a second. */
export function createMarkLayer(map: MapLibreMap, deps: MapEngineDeps) {
  const { store, events } = deps;
  const drawn = new Map<number, LiveTracker>();
  let pending = new Set<number>(store.snapshot().trackers.keys());
  let isVisible: (tracker: LiveTracker) => boolean = () => true;
  let excludedId: number | null = null;
  let sending = false;

  const isMark = (tracker: LiveTracker): boolean =>
    tracker.trackerId !== excludedId && isVisible(tracker);

  async function send(): Promise<void> {
    if (sending || pending.size === 0) return;
    const { trackers } = store.snapshot();
    const diff = diffMarks({ candidates: pending, trackers, isVisible: isMark, drawn });
    pending = new Set();
    const source = sourceOf(map, 'marks');
    if (isEmptyDiff(diff) || source === undefined) return;
    sending = true;
    try {
      await source.updateData(toSourceDiff(diff));
    } finally {
      sending = false;
    }
    events.onMarks(drawn.size + (hasPlace(store, excludedId) ? 1 : 0));
  }

  const sendNow = (): void => {
    void send().then(() => {
      if (pending.size > 0) pacer.soon();
    });
  };
  const pacer = createPacer(deps.clock, sendNow);

  const unsubscribe = store.subscribeChanges((changed) => {
    for (const trackerId of changed) pending.add(trackerId);
    pacer.soon();
  });
  sendNow();

  return {
    drawn,
    setVisible(next: (tracker: LiveTracker) => boolean): void {
      isVisible = next;
      pending = new Set([...store.snapshot().trackers.keys(), ...drawn.keys()]);
      sendNow();
    },
    /** Leaves out one tracker: the selection is drawn by itself and joins no cluster. */
    exclude(trackerId: number | null): void {
      if (trackerId === excludedId) return;
      for (const each of [trackerId, excludedId]) if (each !== null) pending.add(each);
      excludedId = trackerId;
      sendNow();
    },
    stop(): void {
      unsubscribe();
      pacer.stop();
    },
  };
}

function toSourceDiff(diff: MarkDiff) {
  return {
    remove: [...diff.remove],
    add: [...diff.add],
    update: diff.update.map(toFeatureUpdate),
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
