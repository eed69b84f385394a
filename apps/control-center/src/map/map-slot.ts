/**
 * Where the one live map can be had from outside of the live view, for example to draw a place on it. The map
 * comes late (its code is large) and may go (no WebGL, another session), so whoever wants it listens.
 */
import { useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.ts';
import type { MapEngine } from './map-engine.ts';

/** Holds the map that is on the page, or null. */
export interface MapSlot {
  get(): MapEngine | null;
  subscribe(listener: () => void): () => void;
  /** Called by the view that owns the map. */
  set(engine: MapEngine | null): void;
}

export function createMapSlot(): MapSlot {
  const listeners = new Set<() => void>();
  let current: MapEngine | null = null;
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(engine) {
      current = engine;
      for (const listener of listeners) listener();
    },
  };
}

/** The live map once it can be drawn on; null before, and where there is none. */
export function useMapEngine(): MapEngine | null {
  const { mapSlot } = useLive();
  return useSyncExternalStore(mapSlot.subscribe, mapSlot.get);
}
