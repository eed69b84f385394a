import type { TenantId, TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { registryRevisions } from './registry-revisions.ts';
import { changedTenants, seenColumns, type SeenRevisions } from './since.ts';

/** Whose tracker a device reports for. Protocol and identifier name it across the installation. */
export interface DeviceRecord {
  readonly protocol: string;
  readonly identifier: string;
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
}

/** The devices, or what changed of them. Apply `retired` before `devices`: an identifier may move. */
export interface DeviceRegistry {
  readonly devices: readonly DeviceRecord[];
  readonly retired: readonly DeviceRecord[];
  /** Hand it in again to get what changed since. */
  readonly revisions: SeenRevisions;
}

/**
 * Devices changed after `since`, or all live ones without it. The revisions are read first: a change that
 * commits in between is told now and once more at the next call, never left out.
 */
export async function loadDevices(
  system: SystemScope,
  since: SeenRevisions = new Map(),
): Promise<DeviceRegistry> {
  const revisions = await registryRevisions(system);
  const changed = changedTenants(since, revisions);
  const seen = seenColumns(since);
  const { rows } = await sql<DeviceRecord & { retired: boolean }>`
    select d.protocol, d.identifier, d.tenant_id as "tenantId", d.tracker_id as "trackerId",
           d.retired_at is not null as retired
      from followme.device d
      left join unnest(${seen.tenantIds}::int[], ${seen.revisions}::int8[]) as seen (tenant_id, revision)
        on seen.tenant_id = d.tenant_id
     where d.tenant_id = any(${[...changed]}::int[])
       and case when seen.revision is null then d.retired_at is null else d.revision > seen.revision end
     order by d.revision, d.id
  `.execute(system.db);
  const devices: DeviceRecord[] = [];
  const retired: DeviceRecord[] = [];
  for (const { retired: isRetired, ...device } of rows)
    (isRetired ? retired : devices).push(device);
  return {
    devices,
    retired,
    revisions: new Map([...revisions].map(([tenantId, r]) => [tenantId, r.registryRevision])),
  };
}
