import { useState, useSyncExternalStore } from 'react';
import { navigate, parseRoute, watchAddress } from '../shell/route.ts';

/** What the address of the page says: everything selected has a URL that can be sent to a colleague. */
export interface UrlState {
  /** The selected tracker, or null. */
  readonly trackerId: number | null;
  readonly view: 'map' | 'table';
}

/** Reads `?tracker=ID&view=table`; anything that is no tracker id counts as nothing selected. */
export function parseUrlState(search: string): UrlState {
  const params = new URLSearchParams(search);
  const tracker = params.get('tracker') ?? '';
  return {
    trackerId: /^[1-9]\d{0,9}$/.test(tracker) ? Number(tracker) : null,
    view: params.get('view') === 'table' ? 'table' : 'map',
  };
}

/** The inverse of `parseUrlState`; parameters that are not ours are kept. */
export function formatUrlState(search: string, state: UrlState): string {
  const params = new URLSearchParams(search);
  if (state.trackerId === null) params.delete('tracker');
  else params.set('tracker', String(state.trackerId));
  if (state.view === 'map') params.delete('view');
  else params.set('view', state.view);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * Changes part of the address; from any other section this leads to the live view. A selection becomes an
 * entry of the browser's history, so Back undoes it.
 */
export function updateUrl(change: Partial<UrlState>, liveSearch = location.search): void {
  const search = formatUrlState(liveSearch, { ...parseUrlState(liveSearch), ...change });
  navigate(`/${search}`);
}

/** The query of the live view: as it is, or as it was when another section was opened. */
export function useLiveSearch(): string {
  const here = useSyncExternalStore(watchAddress, () =>
    parseRoute(location.pathname).section === 'live' ? location.search : null,
  );
  const [last, setLast] = useState(here ?? '');
  if (here !== null && here !== last) setLast(here);
  return here ?? last;
}

/** What the live view shows; while another section is open, what it showed. */
export function useUrlState(): UrlState {
  return parseUrlState(useLiveSearch());
}
