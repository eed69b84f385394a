/**
 * Records of a position lane that are not positions. Today one kind: the fences of a tenant changed, and
 * from here on in this lane version N holds. Two header bytes as in a batch, then JSON.
 */
import { parseTenantId, type TenantId } from './ids.ts';
import { BATCH_VERSION, RECORD_KIND } from './position-row.ts';
import { err, ok, type Result } from './result.ts';

/** From this place of the lane on, the tenant's fences are those of `fencesVersion`. */
export interface FencesChanged {
  readonly tenantId: TenantId;
  readonly fencesVersion: number;
}

/** What a lane's record holds, told from its second byte; null for a kind of a newer release. */
export function recordKindOf(payload: Uint8Array): keyof typeof RECORD_KIND | null {
  if (payload[1] === RECORD_KIND.positions) return 'positions';
  if (payload[1] === RECORD_KIND.fencesChanged) return 'fencesChanged';
  return null;
}

/** The record to append to every lane when a tenant's fences changed. */
export function encodeFencesChanged(change: FencesChanged): Buffer {
  const header = Buffer.from([BATCH_VERSION, RECORD_KIND.fencesChanged]);
  return Buffer.concat([header, Buffer.from(JSON.stringify(change))]);
}

/** Reads a record that `recordKindOf` called `fencesChanged`. */
export function decodeFencesChanged(
  payload: Uint8Array,
): Result<FencesChanged, { code: 'MALFORMED_CONTROL_RECORD' }> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload.subarray(2)).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) {
      const { tenantId, fencesVersion } = parsed as Record<string, unknown>;
      const tenant = parseTenantId(tenantId);
      if (tenant.ok && typeof fencesVersion === 'number') {
        return ok({ tenantId: tenant.value, fencesVersion });
      }
    }
  } catch {
    // falls through: not JSON
  }
  return err({ code: 'MALFORMED_CONTROL_RECORD' });
}
