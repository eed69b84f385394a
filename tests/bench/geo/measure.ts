/** CPU time of work, the median of some rounds: the clock on the wall says nothing on a shared machine. */

/** CPU of this process, µs. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Runs `work` so often and answers the median of its CPU times, µs. */
export function medianCpuUs(rounds: number, work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = cpuUs();
    work();
    return cpuUs() - start;
  }).toSorted((a, b) => a - b);
  return times[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** Bytes in use after collections, of which the second finds what the first has freed; needs `--expose-gc`. */
export async function bytesInUse(): Promise<number> {
  if (global.gc === undefined) throw new Error('Run with --expose-gc');
  for (let round = 0; round < 2; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    global.gc();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
