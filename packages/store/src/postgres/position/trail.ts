import { ok, type Position, type Result, type TrackerId } from '@followme/model';
import { sql } from 'kysely';
import type { TenantScope } from '../../port.ts';
import { boundedLimit, pageOf, parseCursor, type CursorError, type Page } from '../page.ts';
import { positionColumns, positionOf, type PositionRecord } from './position-columns.ts';

/** Whose trail: of fix times from `fromMs` to before `toMs`. */
export interface TrailQuery {
  readonly trackerId: TrackerId;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** As in `Position.contentHash`. */
const CONTENT_HASH = /^[0-9a-f]{16}$/;

/**
 * Where a tracker was, oldest first. Reads only the day partitions of the period, each by its primary key.
 */
export async function trail(
  tenant: TenantScope,
  query: TrailQuery,
): Promise<Result<Page<Position>, CursorError>> {
  const after = parseCursor(query.cursor, CONTENT_HASH);
  if (!after.ok) return after;
  const limit = boundedLimit(query.limit);
  const place = after.value;
  const from = new Date(Math.max(query.fromMs, place?.number ?? query.fromMs));
  const behind =
    place === null
      ? sql``
      : sql`and (p.fix_time, p.content_hash) >
                (${new Date(place.number)}, ${BigInt.asIntN(64, BigInt(`0x${place.text}`))}::int8)`;
  const { rows } = await sql<PositionRecord>`
    select ${positionColumns}
      from followme.position p
     where p.tenant_id = ${tenant.tenantId} and p.tracker_id = ${query.trackerId}
       and p.fix_time >= ${from} and p.fix_time < ${new Date(query.toMs)}
       ${behind}
     order by p.fix_time, p.content_hash
     limit ${limit + 1}
  `.execute(tenant.db);
  return ok(
    pageOf(rows.map(positionOf), limit, (p) => ({ number: p.fixTimeMs, text: p.contentHash })),
  );
}
