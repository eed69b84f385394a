/** Fences on the map: all, all but one, or none; one of them may be the chosen one. */
import type { FenceReply } from '@followme/contracts';
import type { ExpressionSpecification, FilterSpecification, Map as MapLibreMap } from 'maplibre-gl';
import { fenceFeatures, fenceLabelFeatures } from './fences.ts';
import { sourceOf } from './map-parts.ts';

const LAYERS = ['fence-fill', 'fence-corridor', 'fence-line', 'fence-names'] as const;
const WIDTH_PX = 1.5;
const CHOSEN_WIDTH_PX = 2.5;
/** Up to so many every name is shown; with more, those of fences that are large enough on the screen. */
const ALL_NAMED_UP_TO = 300;
const LARGE_ENOUGH: FilterSpecification = ['>=', ['zoom'], ['get', 'nameZoom']];
/** Fences that are made into features between two breaths of the page. */
const SLICE = 10_000;

/** What is to be drawn and is not, and what is drawn and shall not be. */
function changesOf(drawn: ReadonlyMap<number, FenceReply>, fences: readonly FenceReply[]) {
  const ids = new Set(fences.map(({ id }) => id));
  return {
    added: fences.filter((fence) => drawn.get(fence.id) !== fence),
    removed: [...drawn.keys()].filter((id) => !ids.has(id)),
  };
}

/** Sends the map what changed, slice by slice, so that a hundred thousand at once do not stop the page. */
function createFenceFeed(map: MapLibreMap) {
  const drawn = new Map<number, FenceReply>();
  let wanted: readonly FenceReply[] = [];
  let isRunning = false;

  async function sendSlice(added: readonly FenceReply[], removed: number[]): Promise<void> {
    const features = fenceFeatures(added);
    const labels = fenceLabelFeatures(features);
    for (const id of removed) drawn.delete(id);
    for (const fence of added) drawn.set(fence.id, fence);
    await Promise.all([
      sourceOf(map, 'fences')?.updateData({ remove: removed, add: features }),
      sourceOf(map, 'fence-labels')?.updateData({ remove: removed, add: labels }),
    ]);
  }

  async function run(): Promise<void> {
    for (;;) {
      const { added, removed } = changesOf(drawn, wanted);
      if (added.length + removed.length === 0) return;
      await sendSlice(added.slice(0, SLICE), removed);
    }
  }

  return (fences: readonly FenceReply[]): void => {
    wanted = fences;
    if (isRunning) return;
    isRunning = true;
    run()
      // the map was removed meanwhile
      .catch(() => undefined)
      .finally(() => (isRunning = false));
  };
}

/** Draws fences and keeps which of them are hidden or chosen. */
export function createFenceLayer(map: MapLibreMap) {
  const ownFilters = new Map(LAYERS.map((layer) => [layer, map.getFilter(layer)]));
  const feed = createFenceFeed(map);
  let hiddenId = 0;
  let chosenId: number | null = null;
  // a state of the feature: choosing one of a hundred thousand lays out nothing anew
  const isChosen: ExpressionSpecification = ['boolean', ['feature-state', 'isChosen'], false];
  map.setPaintProperty('fence-line', 'line-width', ['case', isChosen, CHOSEN_WIDTH_PX, WIDTH_PX]);
  let areMany = false;

  function applyFilters(): void {
    const others: FilterSpecification = ['!=', ['id'], hiddenId];
    for (const layer of LAYERS) {
      const own = areMany && layer === 'fence-names' ? LARGE_ENOUGH : ownFilters.get(layer);
      // filters of our own style are expressions, which may be joined
      const joined = own == null ? others : (['all', own, others] as FilterSpecification);
      map.setFilter(layer, joined);
    }
  }

  return {
    set(fences: readonly FenceReply[]): void {
      const wereMany = areMany;
      areMany = fences.length > ALL_NAMED_UP_TO;
      if (areMany !== wereMany) applyFilters();
      feed(fences);
    },
    setVisible(isVisible: boolean): void {
      for (const layer of LAYERS) {
        map.setLayoutProperty(layer, 'visibility', isVisible ? 'visible' : 'none');
      }
    },
    highlight(fenceId: number | null): void {
      const mark = (id: number, isChosen: boolean): unknown =>
        map.setFeatureState({ source: 'fences', id }, { isChosen });
      if (chosenId !== null) mark(chosenId, false);
      if (fenceId !== null) mark(fenceId, true);
      chosenId = fenceId;
    },
    hide(fenceId: number | null): void {
      hiddenId = fenceId ?? 0;
      applyFilters();
    },
  };
}
