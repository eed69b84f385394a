/** CPU seconds of processes, from the kernel's accounts. */
import { readFileSync } from 'node:fs';
import { childrenOf } from '../../support/system.ts';

const TICKS_PER_SECOND = 100; // sysconf(_SC_CLK_TCK) on every Linux that Node runs on

/** User and system time of one process, with that of children it has waited for, in microseconds. */
export function processCpuUs(pid: number): number {
  return cpuUsOf(`/proc/${pid}/stat`);
}

/** The same of a process's main thread alone. */
export function mainThreadCpuUs(pid: number): number {
  return cpuUsOf(`/proc/${pid}/task/${pid}/stat`);
}

function cpuUsOf(file: string): number {
  const stat = readFileSync(file, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
  return ((utime + stime + cutime + cstime) / TICKS_PER_SECOND) * 1e6;
}

/** The same of a process and its present children. */
export function treeCpuUs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, id) => sum + processCpuUs(id), 0);
}
