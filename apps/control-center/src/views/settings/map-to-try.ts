/**
 * Remembers over a reload that a map was just saved and is to be tried: only a page that was loaded after saving
 * may speak to the server of the map.
 */
const KEY = 'followme.map-to-try';

/** Notes that the saved map is to be tried when the page is there again. */
export function noteMapToTry(): void {
  try {
    sessionStorage.setItem(KEY, '1');
  } catch {
    // storage is blocked: the live view says whether the map loads
  }
}

/** Whether there is a map to try. */
export function isMapToTry(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** It was tried. */
export function forgetMapToTry(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // storage is blocked: nothing was noted
  }
}
