/** Brings the marks of the live worker onto the map, and tells the worker what the map shows. */
import type { Map as MapLibreMap } from 'maplibre-gl';
import { createPacer } from '../live/pacer.ts';
import type { Box } from '../live/mark-clusters.ts';
import { isEmptyDiff, type MarkDiff, type MarkFeature } from '../live/mark-features.ts';
import { createAlertPulse } from './alert-pulse.ts';
import { type MapEngineDeps, sourceOf } from './map-parts.ts';

/** While the map moves, its view is told this often. */
const VIEW_GAP_MS = 150;

function toFeatureUpdate(feature: MarkFeature) {
  return {
    id: feature.id,
    newGeometry: feature.geometry,
    addOrUpdateProperties: Object.entries(feature.properties).map(([key, value]) => ({
      key,
      value: value as unknown,
    })),
  };
}

function toSourceDiff(diff: MarkDiff) {
  return {
    remove: [...diff.remove],
    add: [...diff.add],
    update: diff.update.map(toFeatureUpdate),
  };
}

/** The marks of one map, from now until `stop`. */
export function createMarkLayer(map: MapLibreMap, deps: MapEngineDeps, onBox: () => void) {
  const { store, events, clock } = deps;
  const pulse = createAlertPulse(map);
  let box: Box | null = null;

  const close = store.openMap((message) => {
    if (!isEmptyDiff(message.diff)) {
      void sourceOf(map, 'marks')?.updateData(toSourceDiff(message.diff));
      pulse.apply(message.diff);
    }
    box = message.box;
    events.onMarks(message.count);
    onBox();
  });

  function tellView(): void {
    const bounds = map.getBounds();
    store.setView({
      west: bounds.getWest(),
      south: bounds.getSouth(),
      east: bounds.getEast(),
      north: bounds.getNorth(),
      zoom: map.getZoom(),
    });
  }
  const pacer = createPacer(clock, { firstMs: 0, gapMs: VIEW_GAP_MS }, tellView);
  map.on('move', pacer.soon);
  map.on('resize', pacer.soon);
  tellView();

  return {
    /** Where all trackers under the filter are. */
    box: () => box,
    stop(): void {
      pacer.stop();
      pulse.stop();
      close();
    },
  };
}
