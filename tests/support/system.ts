/** Starts the product as a user does, as a process of its own, and ends it gently or not at all gently. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'apps/followme/bin/followme.js');
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

export interface RunningSystem {
  readonly url: string;
  readonly dataFolder: string;
  /** Port of the Meitrack listener. */
  readonly devicePort: number;
  readonly email: string;
  readonly password: string;
  readonly pid: number;
  /** From spawn to the ready line, ms. */
  readonly startMs: number;
  /** All it printed so far. */
  output(): string;
  /** SIGTERM, and waits for the end. Answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to the process, the database server and all its children, at the same moment. */
  killEverything(): Promise<void>;
  /** SIGKILL to our process; the database server lives on without an owner. */
  killProcess(): Promise<void>;
  /** SIGKILL to the database server and all its children; our process lives on. */
  killDatabase(): void;
}

/** How a system is started. */
export interface StartOptions {
  readonly dataFolder: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

/**
 * Runs `followme <command> --data <folder>` on free ports and waits until it says that it is ready.
 * @throws Error with all it printed when it ends or stays silent.
 */
export async function startSystem(options: StartOptions): Promise<RunningSystem> {
  const started = performance.now();
  const { dataFolder } = options;
  const { child, output, ended } = spawnSystem(options);
  try {
    await untilPrinted(child, output, /^Ready/m);
  } catch (error) {
    kill([child.pid, ...databaseProcesses(dataFolder)]);
    throw error;
  }
  return {
    dataFolder,
    url: matchOf(output(), /Open:\s+(http:\S+)/),
    devicePort: Number(matchOf(output(), /meitrack (\d+)/)),
    email: matchOf(output(), /E-mail:\s+(\S+)/),
    password: matchOf(output(), /Password:\s+(\S+)/),
    pid: child.pid ?? 0,
    startMs: performance.now() - started,
    output,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    async killEverything() {
      kill([child.pid, ...databaseProcesses(dataFolder)]);
      await ended;
    },
    async killProcess() {
      kill([child.pid]);
      await ended;
    },
    killDatabase: () => kill(databaseProcesses(dataFolder)),
  };
}

/**
 * Starts a system and kills everything of it `afterMs` later, wherever its start has got to by then; at the
 * latest when it is ready. Answers whether it was.
 */
export async function interruptStart(options: StartOptions, afterMs: number): Promise<boolean> {
  const { child, output, ended } = spawnSystem(options);
  const endMs = performance.now() + afterMs;
  const isReady = (): boolean => /^Ready/m.test(output());
  while (performance.now() < endMs && !isReady() && child.exitCode === null) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  if (child.exitCode !== null) throw new Error(`The start ended by itself:\n${output()}`);
  kill([child.pid, ...databaseProcesses(options.dataFolder)]);
  await ended;
  return isReady();
}

interface Spawned {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function spawnSystem(options: StartOptions): Spawned {
  const { dataFolder, command = 'serve', args = [], nodeArgs = [] } = options;
  const fixed = ['--data', dataFolder, '--port', '0', '--device-ports', '0'];
  const child = spawn(process.execPath, [...nodeArgs, BIN, command, ...fixed, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  return {
    child,
    output: () => printed.join(''),
    ended: new Promise((resolve) => child.once('exit', resolve)),
  };
}

async function untilPrinted(
  child: ChildProcess,
  output: () => string,
  pattern: RegExp,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`The system ${why}. It printed:\n${output()}`));
    };
    const timer = setTimeout(
      () => fail(`was not ready after ${READY_LIMIT_MS} ms`),
      READY_LIMIT_MS,
    );
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
    child.stdout?.on('data', () => {
      if (!pattern.test(output())) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function matchOf(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Found no ${pattern} in:\n${text}`);
  return found;
}

/** Process id of the embedded database server of a data folder, or null. */
export function databaseServerPid(dataFolder: string): number | null {
  try {
    const file = path.join(dataFolder, 'postgres/cluster/postmaster.pid');
    return Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

/** Ids of the direct children of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid);
}

function parentOf(pid: number): number | null {
  try {
    // the command name stands in parentheses and may hold anything; the parent is the second field after it
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The database server of a data folder and its children; none when the file names a process long gone. */
function databaseProcesses(dataFolder: string): number[] {
  const server = databaseServerPid(dataFolder);
  return server === null || !isDatabaseServer(server) ? [] : [server, ...childrenOf(server)];
}

function isDatabaseServer(pid: number): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]?.endsWith('postgres') ?? false
    );
  } catch {
    return false;
  }
}

/** SIGKILL to all of them at once. */
function kill(pids: readonly (number | undefined)[]): void {
  for (const pid of pids) {
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // it ended between the look and the kill
    }
  }
}
