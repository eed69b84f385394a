/**
 * Where a map style lies. A page may talk to that one place besides us, so it goes into the page's content
 * security policy and must not be able to say anything else there.
 */
const PLAIN_ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/;

/** The origin of a style's address; null when it cannot be used. */
export function styleOriginOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, username, password } = new URL(url);
  // browsers refuse to fetch addresses with a login in them
  if (username !== '' || password !== '') return null;
  return PLAIN_ORIGIN.test(origin) ? origin : null;
}
