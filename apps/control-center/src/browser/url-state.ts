import { useSyncExternalStore } from 'react';

/** What the address of the page says: everything selected has a URL that can be sent to a colleague. */
export interface UrlState {
  /** The selected tracker, or null. */
  readonly trackerId: number | null;
  readonly view: 'map' | 'table';
}

const CHANGED = 'followme:url';

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

/** Changes part of the address. A selection becomes an entry of the browser's history, so Back undoes it. */
export function updateUrl(change: Partial<UrlState>): void {
  const search = formatUrlState(location.search, {
    ...parseUrlState(location.search),
    ...change,
  });
  if (search === location.search) return;
  history.pushState(null, '', `${location.pathname}${search}`);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('popstate', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('popstate', onChange);
  };
}

export function useUrlState(): UrlState {
  const search = useSyncExternalStore(subscribe, () => location.search);
  return parseUrlState(search);
}
