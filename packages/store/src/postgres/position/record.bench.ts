/**
 * What recording a position costs: `npx tsx --conditions=source packages/store/src/postgres/position/record.bench.ts`.
 * A new embedded server with fsync, 5,000 trackers in 16 lanes, one fix a second each, 60 bytes of attributes,
 * last states every 10,000 rows (once a second at 10,000/s). Prints JSON; CPU is user and system time.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BATCH_HEADER_BYTES,
  laneOf,
  lanesOf,
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
} from '@followme/model';
import type { Lane, LogSequence, TrackerId } from '@followme/model';
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import { openStore } from '../../connect/open-store.ts';
import { startEmbeddedServer } from '../../embedded/embedded-server.ts';
import { createSqlLaneLeases } from '../../lanes/sql-lane-leases.ts';
import { migrate } from '../../migrate/migrate.ts';
import type { Store } from '../../port.ts';
import { createRecorderStore, type RecordInput, type RecorderStore } from './recorder-store.ts';

const LANES = 16;
const TRACKERS = 5_000;
const WARM_UP_ROWS = 50_000;
const ROWS = 300_000;
const FLUSH_EVERY_ROWS = 10_000;
const CLOCK_TICKS_PER_S = 100;
const SEED = 'record bench';

/** CPU of the server and its children, µs, from /proc. */
async function serverCpuUs(serverPid: number): Promise<number> {
  let ticks = 0;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent, user, system] = [fields[1], fields[11] ?? 0, fields[12] ?? 0];
    if (parent === serverPid || Number(pid) === serverPid) ticks += user + system;
  }
  return (ticks / CLOCK_TICKS_PER_S) * 1e6;
}

const random = createRandom(SEED);
const startMs = systemClock.nowMs();
const draft = new RowDraft();

function writeRow(trackerId: number, second: number): Buffer {
  draft.reset();
  draft.setFixTimeMs(startMs + second * 1_000);
  draft.setLonLatE7(
    random.integer(40_000_000, 70_000_000),
    random.integer(510_000_000, 530_000_000),
  );
  draft.setSpeedMps(random.next() * 30);
  draft.setHeadingDeg(random.next() * 360);
  draft.setBatteryPct(random.integer(5, 100));
  draft.setSatellitesInUse(random.integer(4, 14));
  draft.addNumber('odometerM', random.integer(1_000, 9_000_000));
  draft.addNumber('gsmSignalPct', random.integer(0, 100));
  draft.addText('cell', `204|4|${random.integer(1_000, 9_999)}`);
  draft.seal();
  const row = Buffer.from(draft.bytes.subarray(0, draft.length));
  row.writeUInt32LE(1, ROW.tenantId);
  row.writeUInt32LE(trackerId, ROW.trackerId);
  row.writeDoubleLE(startMs + second * 1_000 + 500, ROW.receivedTimeMs);
  return row;
}

/** Batches of `rows` rows from `first` on, one a lane. */
function batchesOf(first: number, rows: number): { lane: Lane; payload: Buffer }[] {
  const lanes = Array.from({ length: LANES }, (): Buffer[] => []);
  for (let n = first; n < first + rows; n += 1) {
    const trackerId = trustedId<TrackerId>(1 + (n % TRACKERS));
    lanes[laneOf(trackerId, LANES)]?.push(writeRow(trackerId, Math.floor(n / TRACKERS)));
  }
  return lanes.map((lane, number) => {
    const header = Buffer.alloc(BATCH_HEADER_BYTES);
    writeBatchHeader(header, lane.length);
    return { lane: trustedId<Lane>(number), payload: Buffer.concat([header, ...lane]) };
  });
}

interface Progress {
  rows: number;
  sequence: number;
}

interface Measured {
  readonly store: Store;
  readonly recorder: RecorderStore;
  readonly serverPid: number;
}

async function measure({ store, recorder, serverPid }: Measured, batchRows: number): Promise<void> {
  const lanes = lanesOf(LANES);
  const ownership = { kind: 'single' } as const;
  const leases = createSqlLaneLeases({ store, consumer: 'recorder', ownership });
  const owned = await leases.acquire('bench', lanes, lanes.length);
  await recorder.begin(owned);
  const progress: Progress = { rows: ROWS_BEFORE.total, sequence: 0 };
  const inputs = (total: number): RecordInput[] => {
    const made: RecordInput[] = [];
    for (const end = progress.rows + total; progress.rows < end; progress.rows += batchRows) {
      const from = progress.sequence;
      progress.sequence += 1;
      made.push({
        lanes: owned.map(({ lane, epoch, committedSequence }) => ({
          lane,
          epoch,
          fromSequence: trustedId<LogSequence>(committedSequence + from),
          toSequence: trustedId<LogSequence>(committedSequence + from + 1),
        })),
        batches: batchesOf(progress.rows, batchRows),
        flushLast: progress.rows % FLUSH_EVERY_ROWS < batchRows,
      });
    }
    return made;
  };
  for (const input of inputs(WARM_UP_ROWS)) await recorder.record(input);
  const work = inputs(ROWS);
  const [startedMs, nodeBefore, serverBefore] = [
    systemClock.monotonicMs(),
    process.cpuUsage(),
    await serverCpuUs(serverPid),
  ];
  let inserted = 0;
  for (const input of work) inserted += (await recorder.record(input)).inserted;
  const seconds = (systemClock.monotonicMs() - startedMs) / 1_000;
  const node = process.cpuUsage(nodeBefore);
  const server = (await serverCpuUs(serverPid)) - serverBefore;
  ROWS_BEFORE.total = progress.rows;
  const result = {
    name: `recorder, ${batchRows} rows a transaction`,
    rows: inserted,
    rowsPerS: Math.round(inserted / seconds),
    nodeUsPerRow: Number(((node.user + node.system) / inserted).toFixed(2)),
    postgresUsPerRow: Number((server / inserted).toFixed(2)),
    durability: 'fsync at commit',
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Rows of the measurements before: each goes on in time where the last one ended. */
const ROWS_BEFORE = { total: 0 };

const dataFolder = await mkdtemp(join(tmpdir(), 'followme-bench-'));
const deps = { clock: systemClock, logger: silentLogger };
const server = await startEmbeddedServer({ ...deps, dataFolder });
try {
  await migrate(server.url);
  const metrics = createMetrics();
  const store = await openStore({ ...deps, metrics, url: server.url });
  const recorder = createRecorderStore({
    store,
    metrics,
    clock: systemClock,
  });
  await recorder.ensurePartitions(startMs);
  const measured = { store, recorder, serverPid: server.pid() };
  for (const batchRows of [250, 1_000, 5_000]) await measure(measured, batchRows);
  await store.close();
} finally {
  await server.stop();
  await rm(dataFolder, { recursive: true });
}
