import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { getSettings } from './get-settings.ts';
import { lockSettings } from './lock-settings.ts';
import type { TenantSettings } from './settings.ts';

/** An image as it was given to us. */
export interface Logo {
  readonly bytes: Buffer;
  /** Content type, told by the first bytes. */
  readonly type: string;
}

/** The tenant's logo and the version of the settings it belongs to; null when it has none. */
export async function getLogo(
  tenant: TenantScope,
): Promise<(Logo & { readonly version: number }) | null> {
  const { rows } = await sql<Logo & { version: number }>`
    select logo as bytes, logo_type as type, version
      from followme.tenant_settings
     where tenant_id = ${tenant.tenantId} and logo is not null
  `.execute(tenant.db);
  return rows[0] ?? null;
}

/** Gives the tenant a logo, or with null takes it away. */
export async function setLogo(tenant: TenantScope, logo: Logo | null): Promise<TenantSettings> {
  await lockSettings(tenant);
  await sql`
    update followme.tenant_settings
       set version = version + 1, logo = ${logo?.bytes ?? null}, logo_type = ${logo?.type ?? null}
     where tenant_id = ${tenant.tenantId}
  `.execute(tenant.db);
  return getSettings(tenant);
}
