/** Work that one process of an installation does at a time, and that any can take over. */
import { trustedId, type Lane } from '@followme/model';
import { createLaneKeeper, type LaneKeeperDeps } from './lane-keeper.ts';
import type { LaneLease } from './lane-work.ts';

/** What runs while the lane is ours. */
export interface RunningTask {
  /** Begins nothing new; resolves when nothing of it runs. */
  stop(): Promise<void>;
}

export interface LaneTask {
  /** Resolves when the task runs here, or another process has it. */
  start(): Promise<void>;
  /** Ends the task and lets another process begin it. */
  stop(): Promise<void>;
}

/** A task that owns the only lane of its consumer; `begin` is called whenever it was taken. */
export function createLaneTask(
  deps: Omit<LaneKeeperDeps, 'work' | 'lanes'>,
  begin: () => RunningTask,
): LaneTask {
  const running = new Map<LaneLease, RunningTask>();
  const ending = new Set<Promise<void>>();
  const end = async (lease: LaneLease): Promise<void> => {
    const task = running.get(lease);
    running.delete(lease);
    await task?.stop();
  };
  const keeper = createLaneKeeper({
    ...deps,
    lanes: [trustedId<Lane>(0)],
    work: {
      async begin(leases) {
        // what ran here under an older epoch has to be over
        await Promise.all(ending);
        for (const lease of leases) if (!lease.signal.aborted) running.set(lease, begin());
      },
      async finish(leases) {
        await Promise.all(leases.map(end));
      },
      drop(lease) {
        const ended = end(lease).finally(() => ending.delete(ended));
        ending.add(ended);
      },
    },
  });
  return {
    start: () => keeper.start(),
    async stop() {
      await keeper.stop();
      await Promise.all(ending);
    },
  };
}
