/** Looks on while the lanes of a process find another owner. */
import type { World } from './world.ts';

export interface LaneWatch {
  /** The process has just been killed, frozen or told to stop. */
  gone(): void;
  /** Ends looking. How long the lane that waited longest had no owner that works, ms; nothing when it had none. */
  notes(name: string): Promise<Readonly<Record<string, number>>>;
}

const LOOK_EVERY_MS = 20;

/** Owners are told apart by the process id in their names. */
export async function watchLanes({ tables }: World, pid: number): Promise<LaneWatch> {
  const connection = await tables.watchLanes();
  const isOld = (owner: string | null): boolean => owner?.split('/').includes(String(pid)) ?? false;
  const old = new Set<string>();
  /** When a lane was last seen with its old owner, or gone. */
  const leftMs = new Map<string, number>();
  const takenMs = new Map<string, number>();
  let goneMs: number | null = null;
  let hasEnded = false;

  const look = async (): Promise<void> => {
    const rows = await connection.look().catch(() => []);
    const nowMs = performance.now();
    for (const { consumer, lane, owner, isHeld } of rows) {
      const key = `${consumer} ${lane}`;
      if (isOld(owner) && isHeld) {
        if (goneMs === null) old.add(key);
        leftMs.set(key, nowMs);
      } else if (old.has(key) && owner !== null && isHeld && !takenMs.has(key)) {
        takenMs.set(key, nowMs);
      }
    }
  };
  await look();
  const looking = (async () => {
    while (!hasEnded) {
      await look();
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_EVERY_MS);
      });
    }
  })();
  return {
    gone: () => void (goneMs = performance.now()),
    async notes(name) {
      hasEnded = true;
      await looking;
      await connection.close();
      if (old.size === 0) return {};
      const isTakeOver = name === 'takeOverMs';
      const waits = [...old].map((key) => {
        const taken = takenMs.get(key);
        if (taken === undefined) return Number.POSITIVE_INFINITY;
        // after a kill nobody works from the kill on; one that drains works until it lets go
        return taken - (isTakeOver ? (goneMs ?? taken) : (leftMs.get(key) ?? taken));
      });
      const lanesLeft = waits.filter((ms) => !Number.isFinite(ms)).length;
      const longest = Math.max(0, ...waits.filter((ms) => Number.isFinite(ms)));
      return {
        [name]: Math.round(longest),
        lanes: old.size,
        ...(lanesLeft > 0 ? { lanesLeft } : {}),
      };
    },
  };
}
