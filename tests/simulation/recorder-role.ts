/** The recorder of a simulated process: the real loop over a store in memory that keeps the rules of the SQL one. */
import { positionOfRow, RowCursor, type Lane, type Position } from '@followme/model';
import { createMetrics } from '@followme/platform';
import type { HeldLane, RecorderStore, RecordInput, RecordOutcome } from '@followme/store';
import { LaneMemory } from '../../packages/store/src/postgres/position/lane-memory.ts';
import { Recorder } from '../../services/tracker/src/record/recorder.ts';
import { connectLeases, type LaneTables } from './lane-audit.ts';
import type { PositionsTable } from './positions-table.ts';
import type { Role, RoleContext } from './role.ts';

/** What all recorders share. */
export interface RecorderTables extends LaneTables {
  readonly positions: PositionsTable;
}

/** The row at an offset of a batch, as an object. */
function positionAt(row: Buffer, offset: number): Position {
  const cursor = new RowCursor();
  cursor.buffer = row;
  cursor.offset = offset;
  return positionOfRow(cursor);
}

/** The recorder's store as a process has it; each call is one transaction at the engine. */
function createRecorderStore(
  { process, storeEngine }: RoleContext,
  { lanes, audit, positions }: RecorderTables,
): RecorderStore {
  const memories = new Map<Lane, LaneMemory>();
  const call = <T>(what: string, effect: () => T): Promise<T> =>
    storeEngine.call(process, `recorder ${what}`, effect);

  /** Keeps lanes that are still the asker's, and makes good what a former owner who died left undone. */
  function hold(asked: readonly HeldLane[]): readonly Lane[] {
    const held = asked.filter(
      ({ lane, epoch }) => lanes.progress('recorder', lane)?.epoch === epoch,
    );
    const repaired = positions.repair(held.map(({ lane }) => lane));
    lanes.markStates(held.filter(({ lane }) => repaired.includes(lane)));
    return held.map(({ lane }) => lane);
  }

  /** The process looks at its rows before it sends them. */
  function see({ batches }: RecordInput): void {
    const row = new RowCursor();
    for (const { lane, payload } of batches) {
      const memory = memories.get(lane);
      if (memory === undefined) throw new Error(`Lane ${lane} is not held by this recorder`);
      row.open(payload);
      while (row.next()) memory.see(row.buffer, row.offset);
    }
  }

  const whichOf = ({ flushLast, leaving }: RecordInput, lane: Lane): 'all' | 'new' =>
    flushLast || leaving?.includes(lane) === true ? 'all' : 'new';

  function write(input: RecordInput): RecordOutcome {
    const moved = lanes.advance('recorder', input.lanes);
    audit.written(
      'recorder',
      input.lanes.filter(({ lane }) => moved.has(lane)),
    );
    const ours = input.batches.filter(({ lane }) => moved.has(lane));
    const counts = ours.map(({ lane, payload }) => positions.insert(lane, payload));
    const inserted = counts.reduce((sum, count) => sum + count.inserted, 0);
    const rows = counts.reduce((sum, count) => sum + count.rows, 0);
    const fencedLanes = input.lanes.map(({ lane }) => lane).filter((lane) => !moved.has(lane));
    const held = [...memories].filter(([lane]) => !fencedLanes.includes(lane));
    for (const [lane, memory] of held) {
      for (const { row, offset } of memory.unwritten(whichOf(input, lane))) {
        positions.setLast(lane, positionAt(row, offset));
      }
    }
    const whole = held.filter(([lane]) => whichOf(input, lane) === 'all');
    lanes.markStates(whole.map(([lane, { epoch }]) => ({ lane, epoch })));
    return { inserted, duplicates: rows - inserted, fencedLanes };
  }

  return {
    async begin(asked) {
      const held = await call('begin', () => hold(asked));
      for (const { lane, epoch } of asked) {
        if (held.includes(lane)) memories.set(lane, new LaneMemory(epoch));
      }
      for (const { lane, position } of positions.lastOf(held)) {
        const { trackerId, fixTimeMs, receivedTimeMs } = position;
        memories.get(lane)?.learn(trackerId, fixTimeMs, receivedTimeMs);
      }
      return held;
    },
    forget(gone) {
      for (const lane of gone) memories.delete(lane);
    },
    async record(input) {
      see(input);
      const outcome = await call('record', () => write(input));
      for (const lane of outcome.fencedLanes) memories.delete(lane);
      for (const [lane, memory] of memories) memory.written(whichOf(input, lane));
      return outcome;
    },
    ensurePartitions: () => call('partitions', () => undefined),
  };
}

/** The recorder of one life of a process. */
export function createRecorderRole(context: RoleContext, tables: RecorderTables): Role {
  const { process, log, logger } = context;
  return new Recorder({
    log,
    store: createRecorderStore(context, tables),
    leases: connectLeases(context, tables, 'recorder'),
    clock: process.clock,
    logger,
    metrics: createMetrics(),
    owner: process.name,
  });
}
