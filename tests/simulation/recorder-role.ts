/** The recorder of a simulated process: the real loop over a store in memory that keeps the rules of the SQL one. */
import { positionOfRow, RowCursor, type Lane, type Position } from '@followme/model';
import { createMetrics } from '@followme/platform';
import type {
  MemoryLanes,
  OwnedLane,
  RecorderStore,
  RecordInput,
  RecordOutcome,
} from '@followme/store';
import { LaneMemory } from '../../packages/store/src/postgres/position/lane-memory.ts';
import { Recorder } from '../../services/tracker/src/record/recorder.ts';
import type { Engine } from './engine.ts';
import type { LaneAudit } from './lane-audit.ts';
import type { PositionsTable } from './positions-table.ts';
import type { SimulatedProcess } from './process.ts';
import type { Role, RoleContext } from './role.ts';

export interface RecorderTables {
  readonly lanes: MemoryLanes;
  readonly positions: PositionsTable;
  readonly audit: LaneAudit;
}

/** The row at an offset of a batch, as an object. */
function positionAt(row: Buffer, offset: number): Position {
  const cursor = new RowCursor();
  cursor.buffer = row;
  cursor.offset = offset;
  return positionOfRow(cursor);
}

/** What one process' store of the recorder does; each method is one transaction at the engine. */
class MemoryRecorder {
  readonly #tables: RecorderTables;
  readonly #memories = new Map<Lane, LaneMemory>();

  constructor(tables: RecorderTables) {
    this.#tables = tables;
  }

  /** Holds lanes that were taken, with what is known of their trackers. */
  hold(owned: readonly OwnedLane[]): void {
    const { lanes, positions } = this.#tables;
    const taken = owned.map(({ lane }) => lane);
    lanes.markStates(owned.filter(({ lane }) => positions.repair(taken).includes(lane)));
    for (const { lane, epoch } of owned) this.#memories.set(lane, new LaneMemory(epoch));
    for (const { lane, position } of positions.lastOf(taken)) {
      const { trackerId, fixTimeMs, receivedTimeMs } = position;
      this.#memories.get(lane)?.learn(trackerId, fixTimeMs, receivedTimeMs);
    }
  }

  held(lanes: Iterable<Lane>): { readonly lane: Lane; readonly epoch: number }[] {
    return Array.from(lanes).flatMap((lane) => {
      const memory = this.#memories.get(lane);
      return memory === undefined ? [] : [{ lane, epoch: memory.epoch }];
    });
  }
  get allHeld(): readonly { readonly lane: Lane; readonly epoch: number }[] {
    return this.held(this.#memories.keys());
  }
  letGo(lanes: Iterable<Lane>): void {
    for (const lane of lanes) this.#memories.delete(lane);
  }

  /** Sees the rows of a call, before it is sent. */
  see({ batches }: Pick<RecordInput, 'batches'>): void {
    for (const { lane, payload } of batches) {
      const memory = this.#memories.get(lane);
      if (memory === undefined) throw new Error(`Lane ${lane} is not held by this recorder`);
      const row = new RowCursor();
      row.open(payload);
      while (row.next()) memory.see(row.buffer, row.offset);
    }
  }

  /** The transaction. */
  write({ lanes, batches, flushLast }: RecordInput): RecordOutcome {
    const { positions, audit } = this.#tables;
    const moved = this.#tables.lanes.advance('recorder', lanes);
    audit.written(
      'recorder',
      lanes.filter(({ lane }) => moved.has(lane)),
    );
    const fencedLanes = lanes.map(({ lane }) => lane).filter((lane) => !moved.has(lane));
    let inserted = 0;
    let rows = 0;
    for (const { lane, payload } of batches) {
      if (!moved.has(lane)) continue;
      const counts = positions.insert(lane, payload);
      inserted += counts.inserted;
      rows += counts.rows;
    }
    const which = flushLast ? 'all' : 'new';
    const ours = [...this.#memories].filter(([lane]) => !fencedLanes.includes(lane));
    for (const [lane, memory] of ours) {
      for (const { row, offset } of memory.unwritten(which)) {
        positions.setLast(lane, positionAt(row, offset));
      }
    }
    if (flushLast)
      this.#tables.lanes.markStates(ours.map(([lane, { epoch }]) => ({ lane, epoch })));
    return { inserted, duplicates: rows - inserted, fencedLanes };
  }

  /** The transaction has committed, and the process knows. */
  written({ flushLast }: RecordInput, { fencedLanes }: RecordOutcome): void {
    this.letGo(fencedLanes);
    for (const memory of this.#memories.values()) memory.written(flushLast ? 'all' : 'new');
  }
}

/** The recorder's store as a process has it. */
function createRecorderStore(
  process: SimulatedProcess,
  engine: Engine,
  tables: RecorderTables,
): RecorderStore {
  const memory = new MemoryRecorder(tables);
  const leases = tables.lanes.leases('recorder');
  const call = <T>(what: string, effect: () => T | Promise<T>): Promise<T> =>
    engine.call(process, `recorder ${what}`, effect);
  const record = async (input: RecordInput): Promise<RecordOutcome> => {
    memory.see(input);
    const outcome = await call('record', () => memory.write(input));
    memory.written(input, outcome);
    return outcome;
  };
  return {
    async acquire(owner, lanes) {
      const owned = await call('acquire', async () => {
        const taken = await leases.acquire(owner, lanes, lanes.length);
        tables.audit.taken('recorder', owner, taken);
        return taken;
      });
      memory.hold(owned);
      return owned;
    },
    async renew(owner) {
      const held = memory.allHeld;
      const all = held.map(({ lane }) => lane);
      const { kept } = await call('renew', () => leases.look(owner, { held, all }));
      memory.letGo(all.filter((lane) => !kept.includes(lane)));
      return kept;
    },
    async release(owner, lanes) {
      await record({ lanes: [], batches: [], flushLast: true });
      const given = memory.held(lanes);
      await call('release', () => leases.release(owner, given));
      memory.letGo(given.map(({ lane }) => lane));
    },
    record,
    ensurePartitions: () => call('partitions', () => undefined),
  };
}

export function createRecorderRole(
  { process, log, storeEngine, logger }: RoleContext,
  tables: RecorderTables,
): Role {
  return new Recorder({
    log,
    store: createRecorderStore(process, storeEngine, tables),
    clock: process.clock,
    logger,
    metrics: createMetrics(),
    owner: process.name,
  });
}
