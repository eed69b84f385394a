/** Partitions of `position`, one a UTC day, called by the day's number since 1970-01-01. */
import { sql } from 'kysely';
import type { Store } from '../../port.ts';

const DAY_MS = 86_400_000;
/** How long positions are kept unless told. */
export const DEFAULT_KEPT_DAYS = 400;
/** Partitions are made this many days ahead. */
const DAYS_AHEAD = 2;

/** The UTC day a time lies in. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/**
 * Whether a day has a partition of its own: today, the days before it that are kept, and the days ahead. History
 * that is older goes to the default partition; a day that was dropped never comes back.
 */
export function mayHavePartition(day: number, today: number, keptDays: number): boolean {
  return day >= today - keptDays && day <= today + DAYS_AHEAD;
}

/** Today and the days ahead. */
export function comingDays(nowMs: number): readonly number[] {
  return Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => dayOf(nowMs) + ahead);
}

/** The partition of a day, with its schema. */
export function partitionOf(day: number): string {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return `followme_partitions.position_${date}`;
}

/**
 * Makes the missing ones of these days' partitions, each in a transaction of its own: attaching one holds
 * a lock on the default partition, which must be short.
 */
export async function ensureDayPartitions(store: Store, days: Iterable<number>): Promise<void> {
  for (const day of days) {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    await store.asSystem((system) =>
      sql`select followme.ensure_position_partition(${date}::date)`.execute(system.db),
    );
  }
}
