/** One nats-server process: started, killed, stopped for a while, started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

const START_LIMIT_MS = 20_000;
/** Kept of what a server says. */
const MAX_SAID_CHARACTERS = 100_000;
const READY = 'Server is ready';

/** Kills the server and removes its folder when the test process is gone, however it went. */
const WATCHDOG = `
while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
[ -f "$2/pid" ] && kill -9 "$(cat "$2/pid")" 2>/dev/null
rm -rf "$2"`;

/** Starts the watchdog of the server whose folder is `folder`; it ends when the folder is gone. */
export function watchOver(folder: string): void {
  const args = ['-c', WATCHDOG, 'followme-test-watchdog', String(process.pid), folder];
  spawn('/bin/sh', args, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

export interface NatsProcess {
  /** Process id. */
  readonly pid: number;
  /** What it has written, the last 100,000 characters. */
  said(): string;
  isRunning(): boolean;
  /** Sends a signal; SIGKILL and SIGTERM resolve when the process is gone, others at once. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
}

/**
 * Starts `command` (the program with its arguments, or with a prefix such as `ip netns exec x`) and waits
 * until the server says that it is ready.
 * @throws Error with what the server said when it ended or was not ready in 20 s.
 */
export async function startNatsProcess(
  command: readonly string[],
  folder: string,
): Promise<NatsProcess> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-MAX_SAID_CHARACTERS);
  });
  let failure: Error | null = null;
  child.on('error', (error) => (failure = error));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil(
    () => failure !== null || hasEnded() || said.includes(READY),
    START_LIMIT_MS,
    `the start of ${command.join(' ')}`,
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`nats-server was not ready: ${said}`, { cause: error });
  });
  if (failure !== null || hasEnded()) {
    throw new Error(`nats-server did not start: ${said}`, { cause: failure });
  }
  const pid = child.pid ?? 0;
  writeFileSync(join(folder, 'pid'), String(pid));
  return {
    pid,
    said: () => said,
    isRunning: () => !hasEnded(),
    signal: (signal) => send(child, signal, hasEnded),
  };
}

async function send(
  child: ChildProcess,
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT',
  hasEnded: () => boolean,
): Promise<void> {
  if (hasEnded()) return;
  const gone = signal === 'SIGKILL' || signal === 'SIGTERM' ? once(child, 'exit') : null;
  child.kill(signal);
  await gone;
}
