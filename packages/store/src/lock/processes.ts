/**
 * Who a process id belongs to. A pid alone says little: it is given out again after its process has ended,
 * and a killed process that nobody has waited for still answers signals. A pid together with its start time
 * names one process for as long as the machine runs.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PS_TIMEOUT_MS = 5000;

/** A living process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own notation; only good for comparing. */
  readonly start: string;
  /** Its command line, arguments separated by one space. */
  readonly command: string;
}

/** Where a process id has its meaning: one boot of one machine, one namespace of process ids. */
export interface ProcessRealm {
  readonly boot: string;
  readonly namespace: string;
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // the process ended, or there is no /proc
    return null;
  }
}

/** Fields of `/proc/<pid>/stat` behind the command, which may itself contain spaces and brackets. */
function afterCommand(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function fromProc(pid: number): Promise<ProcessIdentity | null> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = afterCommand(stat);
  const state = fields[0];
  // zombie or dead: it will never run again, whatever `kill -0` says
  if (state === 'Z' || state === 'X') return null;
  const command = (await readOrNull(`/proc/${pid}/cmdline`)) ?? '';
  return { pid, start: fields[19] ?? '', command: command.replaceAll('\0', ' ').trim() };
}

/** `ps` prints: pid, state, start in five words, command. */
const PS_LINE = /^\s*(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

async function fromPs(selection: readonly string[]): Promise<readonly ProcessIdentity[]> {
  const columns = ['-ww', '-o', 'pid=,stat=,lstart=,command='];
  const options = { timeout: PS_TIMEOUT_MS, maxBuffer: 16 << 20, env: { LC_ALL: 'C' } };
  // ps answers 1 when no process was selected
  const { stdout } = await run('/bin/ps', [...selection, ...columns], options).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').flatMap((line) => {
    const [, pid, state, start = '', command = ''] = PS_LINE.exec(line) ?? [];
    return pid === undefined || state?.startsWith('Z') === true
      ? []
      : [{ pid: Number(pid), start, command: command.trim() }];
  });
}

/** The living process with this id, or null. */
export async function lookAtProcess(pid: number): Promise<ProcessIdentity | null> {
  if (process.platform === 'linux') return fromProc(pid);
  return (await fromPs(['-p', String(pid)]))[0] ?? null;
}

/** All living processes this process may see. */
export async function listProcesses(): Promise<readonly ProcessIdentity[]> {
  if (process.platform !== 'linux') return fromPs(['-ax']);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(fromProc));
  return found.filter((one) => one !== null);
}

/** The realm of this process. Where the system has no such notion both are empty, and start times decide. */
export async function thisRealm(): Promise<ProcessRealm> {
  const boot = (await readOrNull('/proc/sys/kernel/random/boot_id')) ?? '';
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { boot: boot.trim(), namespace };
}
