/** The recorder of a simulated process: the real loop over a store in memory that keeps the rules of the SQL one. */
import { positionOfRow, RowCursor, type Lane, type Position } from '@followme/model';
import { createMetrics } from '@followme/platform';
import type {
  HeldLane,
  MemoryLanes,
  RecorderStore,
  RecordInput,
  RecordOutcome,
} from '@followme/store';
import { LaneMemory } from '../../packages/store/src/postgres/position/lane-memory.ts';
import { Recorder } from '../../services/tracker/src/record/recorder.ts';
import type { Engine } from './engine.ts';
import { connectLeases, type LaneAudit } from './lane-audit.ts';
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

  /** What is known of the trackers of lanes that are still their taker's; makes their last states good. */
  load(taken: readonly HeldLane[]): {
    readonly held: readonly HeldLane[];
    readonly known: ReturnType<PositionsTable['lastOf']>;
  } {
    const { lanes, positions } = this.#tables;
    const held = taken.filter(
      ({ lane, epoch }) => lanes.progress('recorder', lane)?.epoch === epoch,
    );
    const ours = held.map(({ lane }) => lane);
    const repaired = positions.repair(ours);
    lanes.markStates(held.filter(({ lane }) => repaired.includes(lane)));
    return { held, known: positions.lastOf(ours) };
  }

  /** Holds what was loaded. */
  hold({ held, known }: ReturnType<MemoryRecorder['load']>): void {
    for (const { lane, epoch } of held) this.#memories.set(lane, new LaneMemory(epoch));
    for (const { lane, position } of known) {
      const { trackerId, fixTimeMs, receivedTimeMs } = position;
      this.#memories.get(lane)?.learn(trackerId, fixTimeMs, receivedTimeMs);
    }
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
  write(input: RecordInput): RecordOutcome {
    const { lanes, batches } = input;
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
    const ours = [...this.#memories].filter(([lane]) => !fencedLanes.includes(lane));
    for (const [lane, memory] of ours) {
      const which = whichOf(input, lane);
      for (const { row, offset } of memory.unwritten(which)) {
        positions.setLast(lane, positionAt(row, offset));
      }
      if (which === 'all') this.#tables.lanes.markStates([{ lane, epoch: memory.epoch }]);
    }
    return { inserted, duplicates: rows - inserted, fencedLanes };
  }

  /** The transaction has committed, and the process knows. */
  written(input: RecordInput, { fencedLanes }: RecordOutcome): void {
    this.letGo(fencedLanes);
    for (const [lane, memory] of this.#memories) memory.written(whichOf(input, lane));
  }
}

/** Which last states of a lane a call writes. */
const whichOf = ({ flushLast, leaving }: RecordInput, lane: Lane): 'all' | 'new' =>
  flushLast || leaving?.includes(lane) === true ? 'all' : 'new';

/** The recorder's store as a process has it. */
function createRecorderStore(
  process: SimulatedProcess,
  engine: Engine,
  tables: RecorderTables,
): RecorderStore {
  const memory = new MemoryRecorder(tables);
  const call = <T>(what: string, effect: () => T | Promise<T>): Promise<T> =>
    engine.call(process, `recorder ${what}`, effect);
  const record = async (input: RecordInput): Promise<RecordOutcome> => {
    memory.see(input);
    const outcome = await call('record', () => memory.write(input));
    memory.written(input, outcome);
    return outcome;
  };
  return {
    async begin(lanes) {
      const loaded = await call('begin', () => memory.load(lanes));
      memory.hold(loaded);
      return loaded.held.map(({ lane }) => lane);
    },
    forget: (lanes) => memory.letGo(lanes),
    record,
    ensurePartitions: () => call('partitions', () => undefined),
  };
}

export function createRecorderRole(context: RoleContext, tables: RecorderTables): Role {
  const { process, log, storeEngine, logger } = context;
  return new Recorder({
    log,
    store: createRecorderStore(process, storeEngine, tables),
    leases: connectLeases(context, tables, 'recorder'),
    clock: process.clock,
    logger,
    metrics: createMetrics(),
    owner: process.name,
  });
}
