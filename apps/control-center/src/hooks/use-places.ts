import { useQuery } from '@tanstack/react-query';
import { citiesUrl } from 'virtual:cities';
import { createPlaces, type PackedCities, type Places, unpackCities } from '../places/places.ts';

const LIMIT_MS = 60_000;

async function loadPlaces(): Promise<Places> {
  const response = await fetch(citiesUrl, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!response.ok) throw new Error(`The list of places answered ${response.status}`);
  // made by our own build, see build/cities-plugin.ts
  return createPlaces(unpackCities((await response.json()) as PackedCities));
}

/** Names of places; null until they are loaded. Without them everything works, with coordinates only. */
export function usePlaces(): Places | null {
  const { data } = useQuery({
    queryKey: ['places'],
    queryFn: loadPlaces,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? null;
}
