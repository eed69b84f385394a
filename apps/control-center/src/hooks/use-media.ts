import { useSyncExternalStore } from 'react';

/** From here on the list is docked and panels float; see the look's three widths. */
export const MEDIUM = '(min-width: 800px)';
/** The list stands beside the map: also on a phone that lies on its side. */
export const DOCKED = `${MEDIUM}, (min-width: 560px) and (max-height: 559px)`;
/** From here on the detail floats at the right instead of covering the list. */
export const WIDE = '(min-width: 1200px)';

/** Whether a media query holds now; renders again when it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', onChange);
      return () => media.removeEventListener('change', onChange);
    },
    () => window.matchMedia(query).matches,
  );
}
