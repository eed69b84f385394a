/**
 * Single processes of a scaled-out installation: each is `followme serve` as a process of its own, with roles of its
 * own, on free ports; to be stopped, killed or frozen one by one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = new URL('../../apps/followme/src/main.ts', import.meta.url).href;
/**
 * From source, so that no build is needed and everybody sees what they test. Not by the program `tsx`, which would
 * stand between us and the process.
 */
const FROM_SOURCE = [
  '--conditions=source',
  `--import=${import.meta.resolve('tsx')}`,
  '--input-type=module',
  '--eval',
  `import { run } from ${JSON.stringify(MAIN)}; await run(process.argv.slice(1));`,
  '--',
];
/** As installed: starts quicker and costs less, for benches and drills; run `npm run build` before. */
const BUILT = [path.join(ROOT, 'apps/followme/bin/followme.js')];
const READY_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 25;

export type Role = 'tracker' | 'geofence' | 'notification' | 'client';

/** How a process is started. */
export interface ProcessOptions {
  readonly roles: readonly Role[];
  /** NATS servers, `nats://host:port,…`; left out for the embedded log. */
  readonly log?: string;
  /** PostgreSQL; left out for the embedded one. */
  readonly store?: string;
  /** Data folder of the embedded engines; left out one is made and removed with the process. */
  readonly dataFolder?: string;
  /** Further options of `serve`. */
  readonly args?: readonly string[];
  /** Options of Node, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another program in front, such as `['ip', 'netns', 'exec', 'name']`; its pid must become the process's. */
  readonly wrapper?: readonly string[];
  /** Address that all ports bind; 127.0.0.1 unless told. */
  readonly host?: string;
  /** The program before its arguments; our own source unless told. */
  readonly program?: readonly string[];
}

export interface RunningProcess {
  readonly roles: readonly Role[];
  readonly pid: number;
  /** Where `/livez /readyz /startupz /version /metrics` answer. */
  readonly opsUrl: string;
  /** Web port; null without the client role. */
  readonly url: string | null;
  /** Port of the Meitrack listener; null without the tracker role. */
  readonly devicePort: number | null;
  /** The first login, when this process made it. */
  readonly login: { readonly email: string; readonly password: string } | null;
  /** From spawn to ready, ms. */
  readonly startMs: number;
  /** Null while it runs. */
  readonly exitCode: number | null;
  /** Resolves with the exit code when it has ended; null after a signal. */
  readonly ended: Promise<number | null>;
  /** All it printed so far. */
  output(): string;
  /** Whether `/readyz` says 200 now. */
  isReady(): Promise<boolean>;
  /** SIGTERM, and waits for the end. Answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGTERM, without waiting. */
  terminate(): void;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** SIGSTOP: it is there and does nothing. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}

/** The program as it was built, for `program`. */
export const BUILT_PROGRAM: readonly string[] = BUILT;

/**
 * Starts a process and waits until it is ready.
 * @throws Error with all it printed when it ends or is not ready in time; nothing is left running then.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const spawned = await spawnProcess(options);
  try {
    await untilReady(spawned);
    return describe(spawned, options.roles);
  } catch (error) {
    spawned.child.kill('SIGKILL');
    await spawned.ended;
    throw error;
  }
}

/** Runs a start that is meant to be refused. Answers how it ended. */
export async function refusedStart(
  options: ProcessOptions,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const spawned = await spawnProcess(options);
  const timer = setTimeout(() => spawned.child.kill('SIGKILL'), READY_LIMIT_MS);
  const exitCode = await spawned.ended;
  clearTimeout(timer);
  return { exitCode, output: spawned.output() };
}

interface Spawned {
  readonly child: ChildProcess;
  readonly startedMs: number;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

async function spawnProcess(options: ProcessOptions): Promise<Spawned> {
  const { roles, log, store, wrapper = [], program = FROM_SOURCE, nodeArgs = [] } = options;
  const isByAddress = log !== undefined && store !== undefined;
  const ownFolder =
    options.dataFolder === undefined && !isByAddress
      ? await mkdtemp(path.join(tmpdir(), 'followme-process-'))
      : null;
  const dataFolder = options.dataFolder ?? ownFolder;
  const args = [
    'serve',
    `--roles=${roles.join(',')}`,
    `--host=${options.host ?? '127.0.0.1'}`,
    '--port=0',
    '--device-ports=0',
    '--ops-port=0',
    ...(dataFolder === null ? [] : ['--data', dataFolder]),
    ...(options.args ?? []),
  ];
  // addresses go by the environment, as those with a password should
  const env = {
    ...process.env,
    ...(log === undefined ? {} : { FOLLOWME_LOG: log }),
    ...(store === undefined ? {} : { STORE: store }),
    ...options.env,
  };
  const [command = process.execPath, ...rest] = [
    ...wrapper,
    process.execPath,
    ...nodeArgs,
    ...program,
    ...args,
  ];
  const startedMs = performance.now();
  const child = spawn(command, rest, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  return {
    child,
    startedMs,
    output: () => printed.join(''),
    ended: untilEnded(child, ownFolder),
  };
}

async function untilEnded(child: ChildProcess, ownFolder: string | null): Promise<number | null> {
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (ownFolder !== null) await rm(ownFolder, { recursive: true, force: true, maxRetries: 5 });
  return code;
}

async function untilReady({ child, output, startedMs }: Spawned): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The process ended with code ${child.exitCode}. It printed:\n${output()}`);
    }
    const opsUrl = found(output(), /Ops:\s+(http:\S+)/);
    if (opsUrl !== null && /^Ready/m.test(output()) && (await isReady(opsUrl))) return;
    if (performance.now() - startedMs > READY_LIMIT_MS) {
      throw new Error(`Not ready after ${READY_LIMIT_MS} ms. It printed:\n${output()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
}

async function isReady(opsUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

function describe(
  { child, output, ended, startedMs }: Spawned,
  roles: readonly Role[],
): RunningProcess {
  const opsUrl = found(output(), /Ops:\s+(http:\S+)/) ?? '';
  const devicePort = found(output(), /meitrack (\d+)/);
  const email = found(output(), /E-mail:\s+(\S+)/);
  const password = found(output(), /Password:\s+(\S+)$/m);
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  return {
    roles,
    pid: child.pid ?? 0,
    opsUrl,
    url: found(output(), /Open:\s+(http:\S+)/),
    devicePort: devicePort === null ? null : Number(devicePort),
    login: email === null || password === null ? null : { email, password },
    startMs: performance.now() - startedMs,
    get exitCode() {
      return child.exitCode;
    },
    ended,
    output,
    isReady: () => isReady(opsUrl),
    async stop() {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), STOP_LIMIT_MS);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    terminate: () => signal('SIGTERM'),
    async kill() {
      signal('SIGKILL');
      await ended;
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

const found = (text: string, pattern: RegExp): string | null => pattern.exec(text)?.[1] ?? null;
