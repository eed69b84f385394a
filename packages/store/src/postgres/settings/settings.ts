import { sql } from 'kysely';

/** Which map a customer has below everything. */
export type StoredBaseMap =
  | { readonly kind: 'builtIn' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'style'; readonly url: string };

/** How a customer wants to look; null is what we ship. */
export interface TenantSettings {
  /** Grows with every change; 0 until the first. */
  readonly version: number;
  /** Name of the tenant itself, shown when it has no brand name. */
  readonly tenantName: string;
  readonly brandName: string | null;
  /** `#rrggbb`, lower case. */
  readonly brandColour: string | null;
  readonly hasLogo: boolean;
  readonly language: 'en' | 'nl' | null;
  readonly map: StoredBaseMap;
}

/** Somebody else changed the settings since they were read. */
export interface SettingsChanged {
  readonly code: 'SETTINGS_CHANGED';
  readonly version: number;
}

/** The columns of `TenantSettings`, from tenant `t` left joined with its settings `s`. */
export const settingsColumns = sql.raw(`
  coalesce(s.version, 0) as version, t.name as "tenantName", s.brand_name as "brandName",
  s.brand_colour as "brandColour", s.logo is not null as "hasLogo", s.language,
  coalesce(s.map, '{"kind":"builtIn"}') as map
`);
