/** The system under test, as the measurements see it: addresses, and the processes whose CPU counts. */
import { processCpuUs, treeCpuUs } from '../load/cpu.ts';

/** One of its processes: one of ours, or an engine. */
export interface Part {
  readonly name: string;
  readonly pid: number;
  readonly isOurs: boolean;
  /** With its present children, as a database server has. */
  readonly tree: boolean;
}

export interface UnderTest {
  /** Engines and durability, as they stand in the names of the numbers. */
  readonly name: string;
  /** Address of the web port. */
  readonly url: string;
  /** Port of the Meitrack listener. */
  readonly devicePort: number;
  /** Where each of our processes shows its metrics. */
  readonly metricUrls: readonly string[];
  /** URL of its database. */
  readonly storeUrl: string;
  readonly parts: readonly Part[];
  /** What each of our processes printed, for profiling. */
  readonly printed: () => readonly (readonly [part: string, output: string])[];
  stop(): Promise<void>;
}

/** CPU time of each part so far, µs. */
export function cpuOfParts(parts: readonly Part[]): ReadonlyMap<string, number> {
  return new Map(
    parts.map(({ name, pid, tree }) => [name, tree ? treeCpuUs(pid) : processCpuUs(pid)]),
  );
}

/** How many positions each stage has taken in since the start. */
export interface Progress {
  readonly stored: number;
  readonly recorded: number;
  readonly judged: number;
  readonly shown: number;
}

const COUNTER_OF: Readonly<Record<keyof Progress, string>> = {
  stored: 'followme_tracker_fixes_stored_total',
  recorded: 'followme_recorder_positions_total',
  judged: 'followme_geofence_fixes_total',
  shown: 'followme_live_rows_total',
};

/** Reads the counters of all processes; each is summed over its labels. */
export async function readProgress(metricUrls: readonly string[]): Promise<Progress> {
  const texts = await Promise.all(metricUrls.map(async (url) => (await fetch(url)).text()));
  const text = texts.join('\n');
  const sum = (stage: keyof Progress): number =>
    [...text.matchAll(new RegExp(`^${COUNTER_OF[stage]}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce((a, b) => a + b, 0);
  return {
    stored: sum('stored'),
    recorded: sum('recorded'),
    judged: sum('judged'),
    shown: sum('shown'),
  };
}
