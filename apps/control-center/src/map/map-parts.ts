/** What the parts of the live map share: how they are told things, and how they put features on it. */
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Feature } from 'geojson';
import type { BrowserClock } from '../browser/clock.ts';
import type { ClusterMembers, LiveStore } from '../live/live-store.ts';
import type { SourceId } from './map-style.ts';
import type { Scale } from './scale.ts';

/** How much of the map is covered by floating panels, in pixels. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface MapEvents {
  readonly onSelect: (trackerId: number | null) => void;
  readonly onCluster: (cluster: ClusterMembers) => void;
  readonly onMarks: (count: number) => void;
  readonly onScale: (scale: Scale) => void;
  /** Coasts and borders are drawn, or could not be loaded. */
  readonly onBase: (outcome: 'drawn' | 'failed') => void;
  /** A person moved the map: following ends. */
  readonly onPan: () => void;
}

export interface MapEngineDeps {
  readonly container: HTMLElement;
  readonly clock: BrowserClock;
  readonly store: LiveStore;
  readonly padding: () => Padding;
  readonly events: MapEvents;
}

/** The source of that id; undefined after the map was removed. */
export function sourceOf(map: MapLibreMap, id: SourceId): GeoJSONSource | undefined {
  return map.getSource<GeoJSONSource>(id);
}

/** Replaces everything in a source. For what is small or changes seldom: marks get deltas instead. */
export function setFeatures(map: MapLibreMap, id: SourceId, features: readonly Feature[]): void {
  void sourceOf(map, id)?.setData({ type: 'FeatureCollection', features: [...features] });
}

/** The person asked the machine for less movement. */
export function prefersReducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
