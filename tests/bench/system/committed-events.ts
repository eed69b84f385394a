/** Sees crossings appear in the database: a look every few milliseconds, from a connection of its own. */
import { Client } from 'pg';
import { dueMs, Latencies, monotonicMs, type LatencySummary, type Phase } from '../load/phase.ts';
import { indexOfName } from '../load/seed.ts';
import { sleep } from './say.ts';

/** The wait between two looks counts as delay. */
const LOOK_EVERY_MS = 5;
/** A crossing that is committed later than this after it was received is found at the end, and counts as this late. */
const LOOK_BACK_MS = 5_000;

const NEW_EVENTS = `
  select event_id, tracker_id, followme.epoch_ms(fix_time) as fix_time_ms
    from followme.fence_event
   where tenant_id = $1 and reason = 'fix'
     and received_time between followme.from_epoch_ms($2) and followme.from_epoch_ms($3)`;

interface EventRow {
  readonly event_id: string;
  readonly tracker_id: number;
  readonly fix_time_ms: number;
}

export interface EventWatch {
  /** Ends the looking; the delays from when the fixes were due until their events were committed. */
  stop(): Promise<LatencySummary>;
}

/** Watches the events of fixes of `phase` that are received from now on. */
export async function watchEvents(storeUrl: string, phase: Phase): Promise<EventWatch> {
  const client = new Client({ connectionString: storeUrl });
  await client.connect();
  await client.query('set role followme_system');
  const { tenantId, indexes } = await readTrackers(client);
  const fromMs = Date.now();
  const seen = new Set<string>();
  const latencies = new Latencies();
  let isStopping = false;
  /** Adds what is new among the events of fixes received between two times; those that are late by `lateMs`. */
  const look = async (receivedMs: readonly [number, number], lateMs?: number): Promise<void> => {
    const { rows } = await client.query<EventRow>({
      name: 'new-events',
      text: NEW_EVENTS,
      values: [tenantId, ...receivedMs],
    });
    const nowMs = monotonicMs();
    for (const { event_id, tracker_id, fix_time_ms } of rows) {
      const due = dueMs(phase, indexes.get(tracker_id) ?? 0, fix_time_ms);
      if (due !== null && !seen.has(event_id)) latencies.add(lateMs ?? nowMs - due);
      seen.add(event_id);
    }
  };
  const run = async (): Promise<void> => {
    while (!isStopping) {
      await look([Math.max(fromMs, Date.now() - LOOK_BACK_MS), Date.now()]);
      await sleep(LOOK_EVERY_MS);
    }
  };
  const running = run();
  return {
    async stop() {
      isStopping = true;
      await running;
      const endMs = Date.now();
      await look([fromMs, endMs - LOOK_BACK_MS], LOOK_BACK_MS);
      await client.end();
      return latencies.summary();
    },
  };
}

async function readTrackers(
  client: Client,
): Promise<{ tenantId: number; indexes: ReadonlyMap<number, number> }> {
  const { rows } = await client.query<{ id: number; tenant_id: number; name: string }>(
    `select id, tenant_id, name from followme.tracker where name like 'Tracker %'`,
  );
  return {
    tenantId: rows[0]?.tenant_id ?? 0,
    indexes: new Map(rows.map(({ id, name }) => [id, indexOfName(name)])),
  };
}
