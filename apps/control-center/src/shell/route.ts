/**
 * Where one is, as the path of the address says. Everything that can be looked at has a path that can be sent
 * to a colleague; a path that means nothing is a section of its own, so that nobody is moved without asking.
 */
import {
  type AnchorHTMLAttributes,
  createElement,
  type MouseEvent,
  type ReactElement,
  useSyncExternalStore,
} from 'react';

/** Everything that has a path of its own. `nowhere` is any other path. */
export const SECTION_IDS = [
  'live',
  'alerts',
  'places',
  'people',
  'groups',
  'trackers',
  'rules',
  'deliveries',
  'settings',
  'help',
  'components',
] as const;
/** See `SECTION_IDS`. */
export type SectionId = (typeof SECTION_IDS)[number];

/** What a path says. */
export interface Route {
  readonly section: SectionId | 'nowhere';
  /** The one thing that is open: the number behind the section; null is the list. */
  readonly id: number | null;
  /** Something new is being made, as in `/places/new`. */
  readonly isNew: boolean;
}

/** Sections of which one thing can be open by its number. */
const WITH_ID: ReadonlySet<string> = new Set(['alerts', 'places', 'trackers', 'rules']);
/** Sections in which something can be made on a page of its own. */
const WITH_NEW: ReadonlySet<string> = new Set(['places', 'trackers', 'rules']);
const ID_PATTERN = /^[1-9]\d{0,9}$/;
const MAX_ID = 2 ** 31 - 1;
const NOWHERE: Route = { section: 'nowhere', id: null, isNew: false };

function sectionOf(word: string): SectionId | null {
  if (word === '') return 'live';
  return SECTION_IDS.find((id) => id === word && id !== 'live') ?? null;
}

/** Reads a path as `/places/12`; a slash at its end is forgiven. */
export function parseRoute(pathname: string): Route {
  const [word = '', rest, ...more] = pathname.replace(/^\//, '').replace(/\/$/, '').split('/');
  const section = sectionOf(word);
  if (section === null || more.length > 0) return NOWHERE;
  if (rest === undefined) return { section, id: null, isNew: false };
  if (rest === 'new' && WITH_NEW.has(section)) return { section, id: null, isNew: true };
  const id = ID_PATTERN.test(rest) ? Number(rest) : null;
  if (id === null || id > MAX_ID || !WITH_ID.has(section)) return NOWHERE;
  return { section, id, isNew: false };
}

const CHANGED = 'followme:url';

/**
 * Goes to a path of this app, with or without a query. `replace` leaves no step to come back to.
 * Does nothing when one is there already.
 */
export function navigate(path: string, options: { readonly replace?: boolean } = {}): void {
  if (path === `${location.pathname}${location.search}`) return;
  if (options.replace === true) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls `onChange` whenever the address is another one; returns how to stop. */
export function watchAddress(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('popstate', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('popstate', onChange);
  };
}

/** Where one is; renders the caller when that changes. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(watchAddress, () => location.pathname));
}

/** One parameter of the query, or null. */
export function useQueryParam(name: string): string | null {
  const search = useSyncExternalStore(watchAddress, () => location.search);
  return new URLSearchParams(search).get(name);
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** A path of this app. */
  readonly href: string;
}

/** A click that only the browser can answer: a new tab, a download, another program. */
function isForBrowser(event: MouseEvent<HTMLAnchorElement>): boolean {
  const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button !== 0 || hasModifier || event.currentTarget.target !== '';
}

/** A link within the app: a real link, which loads nothing anew. */
export function Link({ href, onClick, ...rest }: LinkProps): ReactElement {
  return createElement('a', {
    ...rest,
    href,
    onClick: (event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event);
      if (event.defaultPrevented || isForBrowser(event)) return;
      event.preventDefault();
      navigate(href);
    },
  });
}
