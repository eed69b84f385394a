/**
 * The street map of a customer, laid under everything else on the live map. When it does not come, or its tiles
 * do not, it is taken away and the built-in map is there again.
 */
import type { BaseMap } from '@followme/contracts';
import type {
  ErrorEvent,
  LayerSpecification,
  Map as MapLibreMap,
  MapSourceDataEvent,
} from 'maplibre-gl';
import { watchTheme } from '../browser/theme.ts';
import { readMapColours } from './colours.ts';
import { loadStreetFile, tryStreetFile } from './street-file.ts';
import {
  plainText,
  STREET_PREFIX,
  StreetMapError,
  type StreetFault,
  type StreetParts,
} from './street-parts.ts';
import { loadStreetStyle } from './street-style.ts';

/** Layers of the built-in map that a street map says better. */
const REPLACED = ['coast', 'borders', 'graticule', 'graticule-labels', 'city-dots', 'cities'];
/** … and what goes too under a map of the whole world. */
const GROUND = ['land'];
/** The lowest of our own: the street map goes under it. */
const LOWEST_OF_OURS = 'fence-fill';
/** The name under which icons need no prefix. */
const SPRITE_ID = 'default';
/** So many tiles may fail before one came. */
const MAX_FAILED_TILES = 4;

export interface StreetMap {
  /** Who made it, as plain text; may be empty. */
  readonly attribution: string;
  /** Takes it away again. */
  remove(): void;
}

interface StreetMapDeps {
  readonly map: MapLibreMap;
  readonly choice: BaseMap;
  /** BCP 47, for names in the language of the reader. */
  readonly locale: string;
  /** Its tiles do not come: it has been taken away. */
  readonly onLost: () => void;
}

async function loadParts(choice: BaseMap, locale: string): Promise<StreetParts | null> {
  switch (choice.kind) {
    case 'builtIn':
      return null;
    case 'file':
      return loadStreetFile(choice.file, locale);
    case 'style':
      return loadStreetStyle(choice.url);
  }
}

/** Why a street map cannot be used; null when it can. Fetches it, but shows nothing. */
export async function tryStreetMap(choice: BaseMap): Promise<StreetFault | null> {
  try {
    if (choice.kind === 'file') await tryStreetFile(choice.file);
    else await loadParts(choice, 'en');
    return null;
  } catch (error) {
    if (error instanceof StreetMapError) return error.fault;
    throw error;
  }
}

function setShown(map: MapLibreMap, layerIds: readonly string[], isShown: boolean): void {
  for (const id of layerIds) {
    if (map.getLayer(id) === undefined) continue;
    map.setLayoutProperty(id, 'visibility', isShown ? 'visible' : 'none');
  }
}

function streetLayerIds(map: MapLibreMap): string[] {
  return map.getLayersOrder().filter((id) => id.startsWith(STREET_PREFIX));
}

function addLayers(map: MapLibreMap, layers: readonly LayerSpecification[]): void {
  const before = map.getLayer(LOWEST_OF_OURS) === undefined ? undefined : LOWEST_OF_OURS;
  for (const layer of layers) map.addLayer(layer, before);
}

function removeLayers(map: MapLibreMap): void {
  for (const id of streetLayerIds(map)) map.removeLayer(id);
}

function show(map: MapLibreMap, parts: StreetParts): void {
  for (const [id, source] of Object.entries(parts.sources)) map.addSource(id, source);
  if (parts.spriteUrl !== null) map.addSprite(SPRITE_ID, parts.spriteUrl);
  addLayers(map, parts.layers(readMapColours()));
  setShown(map, [...REPLACED, ...(parts.isWhole ? GROUND : [])], false);
}

function takeAway(map: MapLibreMap, parts: StreetParts): void {
  removeLayers(map);
  for (const id of Object.keys(parts.sources)) {
    if (map.getSource(id) !== undefined) map.removeSource(id);
  }
  if (parts.spriteUrl !== null) map.removeSprite(SPRITE_ID);
  setShown(map, [...REPLACED, ...GROUND], true);
}

/** Calls `onLost` once when tiles of the street map fail and none has come. Answers how to stop. */
function watchTiles(map: MapLibreMap, onLost: () => void): () => void {
  let failed = 0;
  let hasTile = false;
  const isOurs = (id: unknown) => typeof id === 'string' && id.startsWith(STREET_PREFIX);
  const onData = (event: MapSourceDataEvent): void => {
    if (isOurs(event.sourceId) && event.tile !== undefined) hasTile = true;
  };
  // the engine names the source in errors of tiles, which its type of errors does not say
  const onError = (event: ErrorEvent & { readonly sourceId?: string }): void => {
    if (!isOurs(event.sourceId) || hasTile) return;
    failed += 1;
    if (failed === MAX_FAILED_TILES) onLost();
  };
  map.on('sourcedata', onData);
  map.on('error', onError);
  return () => {
    map.off('sourcedata', onData);
    map.off('error', onError);
  };
}

/**
 * Shows a street map on a map whose style is loaded; null for the built-in one.
 * @throws StreetMapError when it cannot be had; the built-in map stays.
 */
export async function showStreetMap(deps: StreetMapDeps): Promise<StreetMap | null> {
  const { map, choice, locale, onLost } = deps;
  const parts = await loadParts(choice, locale);
  if (parts === null) return null;
  let isThere = true;
  const remove = (): void => {
    if (!isThere) return;
    isThere = false;
    stopTiles();
    stopTheme();
    takeAway(map, parts);
  };
  const stopTiles = watchTiles(map, () => {
    remove();
    onLost();
  });
  const stopTheme = watchTheme(() => {
    removeLayers(map);
    addLayers(map, parts.layers(readMapColours()));
  });
  // a map that is gone takes everything on it along
  map.once('remove', () => {
    isThere = false;
    stopTiles();
    stopTheme();
  });
  show(map, parts);
  return { attribution: plainText(parts.attribution), remove };
}
