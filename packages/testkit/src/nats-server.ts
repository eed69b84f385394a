/**
 * Real nats-servers for tests: each on free ports, with a store folder of its own, with everything a test may
 * do to it. What a killed test process leaves is ended by a watchdog.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import {
  natsConfig,
  type NatsClusterPlace,
  type NatsPorts,
  type NatsSettings,
} from './nats-config.ts';
import { startNatsProcess, watchOver, type NatsProcess } from './nats-process.ts';
import { isAtLeast, NATS_MISSING, natsProgram, natsVersion } from './nats-program.ts';

export interface StartNatsOptions extends Partial<NatsSettings> {
  /** The server program; the machine's own when left out. */
  readonly program?: string;
  /** Put before the program, such as `['ip', 'netns', 'exec', 'name']`. */
  readonly prefix?: readonly string[];
  /** Ports to listen on; free ones when left out. */
  readonly ports?: NatsPorts;
  readonly cluster?: NatsClusterPlace;
}

/** A server under test. */
export interface TestNats {
  /** Its `server_name`. */
  readonly name: string;
  /** `nats://host:port`, without login. */
  readonly url: string;
  /** `http://host:port` of its monitoring. */
  readonly monitorUrl: string;
  readonly host: string;
  readonly port: number;
  /** Like `2.9.10`. */
  readonly version: string;
  /** Its configuration, its store and its process id lie here. */
  readonly folder: string;
  /** Id of the process; another one after `restart`. */
  pid(): number;
  isRunning(): boolean;
  /** What the running process has written. */
  said(): string;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Ends the process in order (SIGTERM); its store stays. */
  terminate(): Promise<void>;
  /** Starts it again on the same ports and store; kills it first when it runs. */
  restart(): Promise<void>;
  /** Kills it, removes everything it stored and starts it again: a disk that was lost. */
  loseStore(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A free port may be taken by somebody else between asking and listening. */
const START_TRIES = 3;
const GIGABYTE = 1_000_000_000;

function settle(options: StartNatsOptions, version: string): NatsSettings {
  return {
    host: options.host ?? '127.0.0.1',
    name: options.name ?? 'test',
    jetstream: options.jetstream ?? true,
    maxFileBytes: options.maxFileBytes ?? GIGABYTE,
    syncInterval: isAtLeast(version, '2.10.0') ? (options.syncInterval ?? null) : null,
    login: options.login ?? null,
    token: options.token ?? null,
    moreConfig: options.moreConfig ?? '',
  };
}

async function pickPorts(): Promise<NatsPorts> {
  return { client: await freePort(), monitor: await freePort() };
}

/**
 * Starts a server with JetStream and waits until it is ready.
 * @throws Error when there is no nats-server here (`natsProgram()` is null) or it does not start.
 */
export async function startNats(options: StartNatsOptions = {}): Promise<TestNats> {
  const program = options.program ?? natsProgram();
  if (program === null) throw new Error(NATS_MISSING);
  const version = natsVersion(program);
  const settings = settle(options, version);
  const folder = mkdtempSync(join(tmpdir(), 'followme-nats-'));
  const config = join(folder, 'server.conf');
  const command = [...(options.prefix ?? []), program, '-c', config];
  const tries = options.ports === undefined && options.cluster === undefined ? START_TRIES : 1;
  for (let attempt = 1; ; attempt += 1) {
    const ports = options.ports ?? (await pickPorts());
    const cluster = options.cluster ?? null;
    writeFileSync(
      config,
      natsConfig(settings, { ports, storeFolder: join(folder, 'store'), cluster }),
    );
    try {
      const first = await startNatsProcess(command, folder);
      watchOver(folder);
      return testNats({ settings, ports, version, folder, command }, first);
    } catch (error) {
      if (attempt < tries) continue;
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

interface Place {
  readonly settings: NatsSettings;
  readonly ports: NatsPorts;
  readonly version: string;
  readonly folder: string;
  readonly command: readonly string[];
}

function testNats(place: Place, first: NatsProcess): TestNats {
  const { settings, ports, version, folder, command } = place;
  const { host } = settings;
  let running = first;
  return {
    name: settings.name,
    url: `nats://${host}:${ports.client}`,
    monitorUrl: `http://${host}:${ports.monitor}`,
    host,
    port: ports.client,
    version,
    folder,
    pid: () => running.pid,
    isRunning: () => running.isRunning(),
    said: () => running.said(),
    kill: () => running.signal('SIGKILL'),
    terminate: () => running.signal('SIGTERM'),
    async restart() {
      await running.signal('SIGKILL');
      running = await startNatsProcess(command, folder);
    },
    async loseStore() {
      await running.signal('SIGKILL');
      await rm(join(folder, 'store'), { recursive: true, force: true });
      running = await startNatsProcess(command, folder);
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    async stop() {
      await running.signal('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
