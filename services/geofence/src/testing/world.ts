/** What the operator's tests share: fixes as batches, fences on a grid, services that can die. */
import type { Log } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  type Fence,
  type FenceEvent,
  type FenceId,
  FLAG,
  type Lane,
  laneOf,
  lanesOf,
  type LogSequence,
  ROW,
  RowDraft,
  type TenantId,
  type TrackerId,
  trustedId,
  writeBatchHeader,
} from '@followme/model';
import {
  createMetrics,
  silentLogger,
  systemClock,
  type Clock,
  type Metrics,
} from '@followme/platform';
import type { FenceSource, GeofenceStatePort, LaneLeases } from '@followme/store';
import { createGeofenceService, type GeofenceService } from '../pipeline.ts';
import type { GeofenceSettings } from '../settings.ts';

export const LANES = 4;
export const allLanes = lanesOf(LANES);
export const tenantId = (id: number): TenantId => trustedId<TenantId>(id);
const trackerId = (id: number): TrackerId => trustedId<TrackerId>(id);
export const laneOfTracker = (id: number): Lane => laneOf(trackerId(id), LANES);

/** A fix as a test writes it: degrees; valid and of tenant 1 unless told. */
export interface TestFix {
  readonly tracker: number;
  readonly timeMs: number;
  readonly lon: number;
  readonly lat: number;
  readonly tenant?: number;
  readonly valid?: boolean;
  readonly receivedTimeMs?: number;
}

/** The payload of a positions record. */
function encodeBatch(fixes: readonly TestFix[]): Buffer {
  const draft = new RowDraft();
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  writeBatchHeader(header, fixes.length);
  const rows = fixes.map((fix) => {
    draft.reset();
    draft.setFixTimeMs(fix.timeMs);
    draft.setLonLatE7(Math.round(fix.lon * 1e7), Math.round(fix.lat * 1e7));
    if (fix.valid !== false) draft.setFlag(FLAG.valid);
    draft.bytes.writeUInt32LE(fix.tenant ?? 1, ROW.tenantId);
    draft.bytes.writeUInt32LE(fix.tracker, ROW.trackerId);
    draft.bytes.writeDoubleLE(fix.receivedTimeMs ?? fix.timeMs, ROW.receivedTimeMs);
    draft.seal();
    return Buffer.from(draft.bytes.subarray(0, draft.length));
  });
  return Buffer.concat([header, ...rows]);
}

/** Appends fixes of one lane as one record. */
export async function appendFixes(log: Log, ...fixes: readonly TestFix[]): Promise<LogSequence> {
  const lane = laneOfTracker(fixes[0]?.tracker ?? 1);
  return (await log.append('positions', lane, encodeBatch(fixes))).sequence;
}

/** A square fence of one degree with its south-west corner at (west, 0). */
export function squareFence(id: number, west: number, version = 1, tenant = 1): Fence {
  return {
    tenantId: tenantId(tenant),
    fenceId: trustedId<FenceId>(id),
    name: `fence ${id}`,
    version,
    groupIds: null,
    shape: {
      kind: 'polygon',
      rings: [
        [
          [west, 0],
          [west + 1, 0],
          [west + 1, 1],
          [west, 1],
          [west, 0],
        ],
      ],
    },
  };
}

/** Fences by version, the same for every tenant. */
export function fencesByVersion(versions: Readonly<Record<number, readonly Fence[]>>): FenceSource {
  return {
    fencesAt: async (_, version) => ({ fences: versions[version] ?? [], groupTrackers: new Map() }),
  };
}

/** The events in the log, in order of lane and sequence. */
export async function publishedEvents(log: Log): Promise<readonly FenceEvent[]> {
  const events: FenceEvent[] = [];
  for (const lane of allLanes) {
    const { last } = await log.bounds('events', lane);
    if (last === 0) continue;
    const reading = new AbortController();
    for await (const record of log.read(
      'events',
      lane,
      trustedId<LogSequence>(1),
      reading.signal,
    )) {
      events.push(JSON.parse(Buffer.from(record.payload).toString()));
      if (record.sequence >= last) reading.abort();
    }
  }
  return events;
}

/** `kind fence@fixTime`, the part of an event a person would name. */
export const shortEvent = (event: FenceEvent): string =>
  `${event.trackerId} ${event.kind} ${event.fenceId}@${event.fixTimeMs}${event.initial ? ' initial' : ''}${event.reason === 'fix' ? '' : ` ${event.reason}`}`;

export interface ServiceSetup {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  readonly leases: LaneLeases;
  readonly fences: FenceSource;
  readonly metrics?: Metrics;
  readonly owner?: string;
  readonly settings?: Partial<GeofenceSettings>;
  readonly isRetryable?: (error: unknown) => boolean;
  /** The machine's unless told. */
  readonly clock?: Clock;
}

/** A service in a hurry: it commits after a millisecond. */
export function createTestService(setup: ServiceSetup): GeofenceService {
  return createGeofenceService({
    log: setup.log,
    state: setup.state,
    leases: setup.leases,
    fences: setup.fences,
    clock: setup.clock ?? systemClock,
    logger: silentLogger,
    metrics: setup.metrics ?? createMetrics(),
    owner: setup.owner ?? 'test',
    lanes: allLanes,
    isRetryable: setup.isRetryable ?? (() => true),
    settings: {
      commitEveryMs: 1,
      renewEveryMs: 20,
      drainWithinMs: 1_000,
      answerWithinMs: 2_000,
      ...setup.settings,
    },
  });
}
