/** The session key in a request: as a bearer token, else in the cookie. */
import { SESSION_COOKIE } from '@followme/contracts';

export interface PresentedKey {
  readonly key: string;
  readonly by: 'bearer' | 'cookie';
}

interface KeyHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

const BEARER = /^Bearer ([\w-]{1,200})$/i;
const COOKIE = new RegExp(`(?:^|;)\\s*${SESSION_COOKIE}=([\\w-]{1,200})\\s*(?:;|$)`);

/** The key a request presents, or null. A bearer token goes before the cookie. */
export function presentedKey(headers: KeyHeaders): PresentedKey | null {
  if (headers.authorization !== undefined) {
    const key = BEARER.exec(headers.authorization)?.[1];
    return key === undefined ? null : { key, by: 'bearer' };
  }
  const key = COOKIE.exec(headers.cookie ?? '')?.[1];
  return key === undefined ? null : { key, by: 'cookie' };
}

/** The cookie that keeps a key for `maxAgeS`; with 0 the one that takes it away. */
export function sessionCookie(
  key: string,
  options: { readonly maxAgeS: number; readonly isHttps: boolean },
): string {
  const secure = options.isHttps ? '; Secure' : '';
  return `${SESSION_COOKIE}=${key}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${options.maxAgeS}${secure}`;
}
