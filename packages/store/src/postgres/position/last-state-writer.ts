/** The last states a recorder has collected, into `tracker_last`. */
import type { Lane } from '@followme/model';
import type { CountedValue } from '@followme/platform';
import type { ClientBase } from 'pg';
import { CopyRows } from './copy-rows.ts';
import type { LaneMemory } from './lane-memory.ts';
import { isRowsFault } from './rows-fault.ts';
import { markStatesWritten, writeLastStates } from './write-rows.ts';

export interface LastStateWriter {
  /**
   * Writes of each lane all last states, and the sequences they stand for, or only those of new trackers; nothing
   * of `fenced` lanes, which are another owner's by now. What was written stays in memory until the transaction
   * has committed and the caller says so there.
   */
  write(client: ClientBase, whichOf: WhichStates, fenced: ReadonlySet<Lane>): Promise<void>;
}

type WhichStates = (lane: Lane) => 'all' | 'new';

/** Makes a writer over the memory of the lanes that are held. */
export function createLastStateWriter(deps: {
  readonly memories: ReadonlyMap<Lane, LaneMemory>;
  readonly fallbacks: CountedValue;
}): LastStateWriter {
  const { memories, fallbacks } = deps;
  const rows = new CopyRows();

  /** Puts the last states to write into `rows`; answers how many there are. */
  function collect(
    held: readonly (readonly [Lane, LaneMemory])[],
    whichOf: WhichStates,
    how: 'quickly' | 'carefully',
  ): number {
    rows.reset();
    for (const [lane, memory] of held) {
      const which = whichOf(lane);
      if (which === 'new' && memory.newTrackers === 0) continue;
      for (const { row, offset } of memory.unwritten(which)) {
        if (how === 'quickly') rows.add(row, offset, lane);
        else rows.addCarefully(row, offset, lane);
      }
    }
    return rows.count;
  }

  async function write(
    client: ClientBase,
    whichOf: WhichStates,
    fenced: ReadonlySet<Lane>,
  ): Promise<void> {
    const held = [...memories].filter(([lane]) => !fenced.has(lane));
    if (collect(held, whichOf, 'quickly') > 0) {
      await client.query('savepoint before_last');
      try {
        await writeLastStates(client, rows);
      } catch (error) {
        if (!isRowsFault(error)) throw error;
        fallbacks.inc();
        await client.query('rollback to savepoint before_last');
        collect(held, whichOf, 'carefully');
        await writeLastStates(client, rows);
      }
    }
    const lanes = held
      .filter(([lane]) => whichOf(lane) === 'all')
      .map(([lane, { epoch }]) => ({ lane, epoch }));
    if (lanes.length > 0) await markStatesWritten(client, lanes);
  }

  return { write };
}
