import type { AlertId, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { Scope } from '../../port.ts';

/**
 * Whoever was to be called because nobody answered these cards is not called any more, also if one opens again.
 * `detail`: why, as it stands with the message.
 */
export async function endEscalations(
  scope: Scope,
  ended: {
    readonly tenantId: TenantId;
    readonly alertIds: readonly AlertId[];
    readonly nowMs: number;
    readonly detail: 'answered' | 'heard again';
  },
): Promise<void> {
  await sql`
    update followme.delivery
       set state = 'skipped', settled_at = ${new Date(ended.nowMs)}, last_detail = ${ended.detail}
     where tenant_id = ${ended.tenantId} and alert_id = any(${[...ended.alertIds]}::int[])
       and while_open and state = 'waiting'
  `.execute(scope.db);
}
