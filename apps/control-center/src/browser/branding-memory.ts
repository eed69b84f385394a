import type { BaseMap, Branding } from '@followme/contracts';

/**
 * Remembers how the customer of this host name looks, so that the next visit opens in its colours and language
 * without waiting for the server. Only a copy: what the server says now replaces it.
 */
const STORAGE_KEY = 'followme.branding';

const isTextOrNull = (value: unknown): value is string | null =>
  value === null || typeof value === 'string';

function parseMap(value: unknown): BaseMap {
  const { kind, file, url } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'file' && typeof file === 'string') return { kind, file };
  if (kind === 'style' && typeof url === 'string') return { kind, url };
  return { kind: 'builtIn' };
}

/** Reads what was remembered, perhaps by an older release; null when it cannot be used. */
export function parseBranding(text: string): Branding | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { name, colour, logoUrl, language, map } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || !isTextOrNull(colour) || !isTextOrNull(logoUrl)) return null;
  if (colour !== null && !/^#[0-9a-f]{6}$/.test(colour)) return null;
  return {
    name,
    colour,
    logoUrl,
    language: language === 'en' || language === 'nl' ? language : null,
    map: parseMap(map),
  };
}

/** The look of the last visit; null on the first one, or where storage is blocked. */
export function rememberedBranding(): Branding | null {
  try {
    const text = localStorage.getItem(STORAGE_KEY);
    return text === null ? null : parseBranding(text);
  } catch {
    return null;
  }
}

/** Remembers a look; null forgets it. */
export function rememberBranding(branding: Branding | null): void {
  try {
    if (branding === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(branding));
  } catch {
    // storage is blocked: the server is asked at every start
  }
}
