import { err, ok, type Result } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { getSettings } from './get-settings.ts';
import { lockSettings } from './lock-settings.ts';
import type { SettingsChanged, StoredBaseMap, TenantSettings } from './settings.ts';

/** What to change: what is left out stays, null goes back to what we ship. */
export interface SettingsChange {
  readonly brandName?: string | null;
  readonly brandColour?: string | null;
  readonly language?: 'en' | 'nl' | null;
  readonly map?: StoredBaseMap;
  /** Refuses when the settings are at another version. */
  readonly ifVersion?: number;
}

/** Changes how the tenant wants to look. */
export async function updateSettings(
  tenant: TenantScope,
  change: SettingsChange,
): Promise<Result<TenantSettings, SettingsChanged>> {
  const version = await lockSettings(tenant);
  if (change.ifVersion !== undefined && change.ifVersion !== version) {
    return err({ code: 'SETTINGS_CHANGED', version });
  }
  const before = await getSettings(tenant);
  const { brandName, brandColour, language, map } = { ...before, ...change };
  await sql`
    update followme.tenant_settings
       set version = version + 1, brand_name = ${brandName}, brand_colour = ${brandColour},
           language = ${language}, map = ${JSON.stringify(map)}::jsonb
     where tenant_id = ${tenant.tenantId}
  `.execute(tenant.db);
  return ok(await getSettings(tenant));
}
