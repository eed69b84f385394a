/** Fences on the map: all, all but one, or none; one of them may be the chosen one. */
import type { FenceReply } from '@followme/contracts';
import type { FilterSpecification, Map as MapLibreMap } from 'maplibre-gl';
import { fenceFeatures, fenceLabelFeatures } from './fences.ts';
import { setFeatures } from './map-parts.ts';

const LAYERS = ['fence-fill', 'fence-corridor', 'fence-line', 'fence-names'] as const;
const WIDTH_PX = 1.5;
const CHOSEN_WIDTH_PX = 2.5;

/** Draws fences and keeps which of them are hidden or chosen. */
export function createFenceLayer(map: MapLibreMap) {
  const ownFilters = new Map(LAYERS.map((layer) => [layer, map.getFilter(layer)]));

  return {
    set(fences: readonly FenceReply[]): void {
      const features = fenceFeatures(fences);
      setFeatures(map, 'fences', features);
      setFeatures(map, 'fence-labels', fenceLabelFeatures(features));
    },
    setVisible(isVisible: boolean): void {
      for (const layer of LAYERS) {
        map.setLayoutProperty(layer, 'visibility', isVisible ? 'visible' : 'none');
      }
    },
    highlight(fenceId: number | null): void {
      map.setPaintProperty('fence-line', 'line-width', [
        'case',
        ['==', ['id'], fenceId ?? 0],
        CHOSEN_WIDTH_PX,
        WIDTH_PX,
      ]);
    },
    hide(fenceId: number | null): void {
      const others: FilterSpecification = ['!=', ['id'], fenceId ?? 0];
      for (const layer of LAYERS) {
        const own = ownFilters.get(layer);
        // filters of our own style are expressions, which may be joined
        const joined = own == null ? others : (['all', own, others] as FilterSpecification);
        map.setFilter(layer, joined);
      }
    },
  };
}
