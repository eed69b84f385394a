import type { GroupId, TenantId, TrackerId } from '@followme/model';
import { sql } from 'kysely';

/** How a device presents itself: the protocol family it speaks and what it calls itself there. */
export interface DeviceName {
  /** Name of the family, e.g. `meitrack`. */
  readonly protocol: string;
  /** IMEI, serial number or user name. */
  readonly identifier: string;
}

/** What is followed, as people see it in lists. */
export interface Tracker {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly name: string;
  /** Ascending. */
  readonly groupIds: readonly GroupId[];
  /** Live devices that report for it. */
  readonly devices: readonly DeviceName[];
  readonly createdAtMs: number;
  /** Reports nothing from then on; null while it is in service. */
  readonly retiredAtMs: number | null;
}

/** The tenant has no such tracker, or it is retired. */
export interface TrackerNotFound {
  readonly code: 'TRACKER_NOT_FOUND';
  readonly trackerId: TrackerId;
}

/** A live tracker of this installation has this device already; whose it is stays unsaid. */
export interface DeviceTaken {
  readonly code: 'DEVICE_TAKEN';
  readonly device: DeviceName;
}

/** The columns of a `Tracker`, from `followme.tracker t`. */
export const trackerColumns = sql`
  t.tenant_id as "tenantId", t.id as "trackerId", t.name,
  array(select g.group_id from followme.group_tracker g
         where g.tenant_id = t.tenant_id and g.tracker_id = t.id order by 1) as "groupIds",
  coalesce((select jsonb_agg(jsonb_build_object('protocol', d.protocol, 'identifier', d.identifier)
                             order by d.id)
              from followme.device d
             where d.tenant_id = t.tenant_id and d.tracker_id = t.id and d.retired_at is null),
           '[]') as devices,
  followme.epoch_ms(t.created_at) as "createdAtMs", followme.epoch_ms(t.retired_at) as "retiredAtMs"
`;
