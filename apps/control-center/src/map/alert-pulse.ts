/**
 * Rings that go out from critical alerts, once a second. They are elements above the map, moved by the browser's own
 * animation: the map is drawn once and not sixty times a second for them. Who asked for less movement sees the two
 * rings that the map itself draws, and no others.
 */
import { type Map as MapLibreMap, Marker } from 'maplibre-gl';
import type { MarkDiff, MarkFeature } from '../live/mark-features.ts';
import styles from './alert-pulse.module.css';

/** More at a time would only be a flicker; the others keep the rings of the map. */
const MOST = 20;

function createElement(): HTMLElement {
  const element = document.createElement('div');
  element.className = styles['pulse'] ?? '';
  element.ariaHidden = 'true';
  return element;
}

/** Follows the critical marks of a map until `stop`. */
export function createAlertPulse(map: MapLibreMap) {
  const markers = new Map<number, Marker>();

  function remove(id: number): void {
    markers.get(id)?.remove();
    markers.delete(id);
  }

  function place({ id, geometry, properties }: MarkFeature): void {
    if (!properties.isCritical) return remove(id);
    const known = markers.get(id);
    if (known !== undefined) {
      known.setLngLat(geometry.coordinates);
      return;
    }
    if (markers.size >= MOST) return;
    const marker = new Marker({ element: createElement() });
    markers.set(id, marker.setLngLat(geometry.coordinates).addTo(map));
  }

  return {
    apply({ remove: gone, add, update }: MarkDiff): void {
      for (const id of gone) remove(id);
      for (const feature of [...update, ...add]) place(feature);
    },
    stop(): void {
      for (const id of markers.keys()) remove(id);
    },
  };
}
