import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useState } from 'react';
import { useBranding } from '../brand/use-branding.ts';
import type { StreetMap } from '../map/street-map.ts';
import { messages } from '../messages/messages.ts';

/** What became of the street map that the customer chose. */
export interface StreetMapState {
  readonly state: 'none' | 'loading' | 'drawn' | 'failed';
  /** Who made it; null while it is not drawn. */
  readonly attribution: string | null;
  readonly retry: () => void;
}

/** Lays the street map of the customer under a live map; while or when there is none, the built-in one shows. */
export function useStreetMap(map: MapLibreMap | null): StreetMapState {
  const { map: choice } = useBranding();
  // the same choice told again is no reason to load the map again
  const key = JSON.stringify(choice);
  const [attempt, setAttempt] = useState(0);
  const [outcome, setOutcome] = useState<Omit<StreetMapState, 'retry'>>(NONE);

  useEffect(() => {
    if (map === null || choice.kind === 'builtIn') return setOutcome(NONE);
    let isGone = false;
    let shown: StreetMap | null = null;
    const fail = (): void => {
      if (!isGone) setOutcome({ state: 'failed', attribution: null });
    };
    setOutcome({ state: 'loading', attribution: null });
    void (async () => {
      try {
        const { showStreetMap } = await import('../map/street-map.ts');
        shown = await showStreetMap({ map, choice, locale: messages.locale, onLost: fail });
        if (isGone) shown?.remove();
        else setOutcome({ state: 'drawn', attribution: shown?.attribution ?? null });
      } catch (error) {
        // why is for whoever is asked about it; the bar says what to do
        console.warn('The street map did not load.', error);
        fail();
      }
    })();
    return () => {
      isGone = true;
      shown?.remove();
    };
    // `choice` is read by its key
  }, [map, key, attempt]);

  return { ...outcome, retry: () => setAttempt((count) => count + 1) };
}

const NONE: Omit<StreetMapState, 'retry'> = { state: 'none', attribution: null };
