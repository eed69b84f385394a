/** What the database holds, seen past our own code. */
import { Client } from 'pg';
import type { SeenEvent } from './compare.ts';

interface Counts {
  readonly positions: number;
  readonly events: number;
  readonly unsent: number;
  readonly messages: number;
  readonly waiting: number;
}

/** An event of the table, with its tracker. */
export interface EventRow extends SeenEvent {
  readonly trackerId: number;
}

/** Who has which lane of which consumer. */
interface LaneRow {
  readonly consumer: string;
  readonly lane: number;
  readonly owner: string | null;
  /** Whether the lease holds by the database's clock. */
  readonly isHeld: boolean;
}

export interface Tables {
  counts(sinceMs: number): Promise<Counts>;
  /** `<tracker id> <fix time>` of every row from a fix time on. */
  positions(sinceMs: number): Promise<string[]>;
  /** Of every tracker: how many rows, how many different fix times, their sum. */
  positionSums(): Promise<
    readonly { trackerId: number; rows: number; times: number; sum: number }[]
  >;
  /** All events, those of a tracker by number. */
  events(): Promise<EventRow[]>;
  /** Keys of all messages. */
  messageKeys(): Promise<string[]>;
  /** Occurrences on all cards. */
  occurrences(): Promise<number>;
  /** Whether every lane knows the newest fences. */
  areFencesTold(lanes: number): Promise<boolean>;
  /** Opens a connection that is kept, to look at lanes many times a second. */
  watchLanes(): Promise<{ look(): Promise<readonly LaneRow[]>; close(): Promise<void> }>;
  /** Runs a statement of a fault. */
  run<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]>;
}

const QUERY_LIMIT_MS = 20_000;

/** Each question takes a connection of its own, so a database that died in between does no harm. */
export function openTables(adminUrl: string): Tables {
  const ask = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => {
    const client = new Client({
      connectionString: adminUrl,
      connectionTimeoutMillis: 2_000,
      query_timeout: QUERY_LIMIT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<T>(text, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const one = async <T extends object>(text: string, values: unknown[] = []): Promise<T> => {
    const [row] = await ask<T>(text, values);
    if (row === undefined) throw new Error('A count answered no row');
    return row;
  };
  const lines = async (text: string, values: unknown[] = []): Promise<string[]> =>
    (await ask<{ line: string }>(text, values)).map(({ line }) => line);
  return {
    counts: (sinceMs) => one<Counts>(COUNTS, [sinceMs]),
    positions: (sinceMs) => lines(POSITIONS, [sinceMs]),
    positionSums: () => ask(POSITION_SUMS),
    events: () => ask<EventRow>(EVENTS),
    messageKeys: () => lines('select dedupe_key as line from followme.delivery'),
    async occurrences() {
      return (await one<{ sum: number }>(OCCURRENCES)).sum;
    },
    async areFencesTold(lanes) {
      return (await one<{ told: number }>(FENCES_TOLD)).told === lanes;
    },
    async watchLanes() {
      const client = new Client({ connectionString: adminUrl, query_timeout: 2_000 });
      client.on('error', () => undefined);
      await client.connect();
      return {
        look: async () => (await client.query<LaneRow>(LANES)).rows,
        close: () => client.end(),
      };
    },
    run: (text, values) => ask(text, [...values]),
  };
}

const COUNTS = `
  select (select count(*)::int from followme.position where fix_time >= followme.from_epoch_ms($1)) as positions,
         (select count(*)::int from followme.fence_event) as events,
         (select count(*)::int from followme.fence_event where not sent) as unsent,
         (select count(*)::int from followme.delivery) as messages,
         (select count(*)::int from followme.delivery where state = 'waiting') as waiting`;
const POSITIONS = `
  select tracker_id || ' ' || followme.epoch_ms(fix_time)::int8 as line
    from followme.position where fix_time >= followme.from_epoch_ms($1)`;
const POSITION_SUMS = `
  select tracker_id as "trackerId", count(*)::int as rows, count(distinct fix_time)::int as times,
         sum(followme.epoch_ms(fix_time) / 1000) as sum
    from followme.position group by tracker_id`;
const EVENTS = `
  select tracker_id as "trackerId", event_id as "eventId", event_seq::int as "eventSeq", kind,
         fence_name as fence, initial, followme.epoch_ms(fix_time) as "fixTimeMs"
    from followme.fence_event order by tracker_id, event_seq`;
const OCCURRENCES = 'select coalesce(sum(occurrences), 0)::int as sum from followme.alert';
const FENCES_TOLD = `
  select count(*)::int as told
    from followme.geofence_lane_fences f
    join followme.tenant t on t.id = f.tenant_id and t.fences_version = f.fences_version
   where t.fences_version > 0`;
const LANES = `
  select consumer, lane, owner, coalesce(lease_until > clock_timestamp(), owner is not null) as "isHeld"
    from followme.lane_lease`;
