/**
 * A place in the installation for one of our processes: what runs there is killed, frozen, replaced, and started again
 * as an orchestrator would. Its ways to NATS and PostgreSQL, and that of devices to it, lead over links of its own.
 *
 * States of a slot: `running` (perhaps frozen), `empty`. Only `start`, `kill`, `drain` and the end of the process
 * change them.
 */
import { atExit } from '../at-exit.ts';
import type { Proxies } from '../proxy/proxies.ts';
import { startProcess, type Role, type RunningProcess } from '../../support/processes.ts';

export interface SlotPlan {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Addresses by way of the links; no log address: the embedded log. */
  readonly logUrl: string | null;
  readonly storeUrl: string;
  readonly dataFolder: string | null;
  readonly program: readonly string[] | null;
  readonly args: readonly string[];
}

/** Names of the links of a slot. */
export const linkNames = (slot: string) => ({
  log: `${slot} log`,
  store: `${slot} store`,
  devices: `${slot} devices`,
});

export interface SlotDeps {
  readonly proxies: Proxies;
  readonly say: (line: string) => void;
}

const REVIVE_AFTER_MS = 500;

export class Slot {
  readonly plan: SlotPlan;
  readonly #deps: SlotDeps;
  #process: RunningProcess | null = null;
  /** Ends that nobody asked for. */
  unexpectedEnds = 0;
  #isClosed = false;
  /** Web addresses of the process and of those that drain. */
  readonly #urls = new Set<string>();

  constructor(deps: SlotDeps, plan: SlotPlan) {
    this.#deps = deps;
    this.plan = plan;
  }

  get name(): string {
    return this.plan.name;
  }

  get links() {
    return linkNames(this.plan.name);
  }

  get process(): RunningProcess | null {
    return this.#process;
  }

  /** The process there. @throws Error when the slot is empty. */
  get running(): RunningProcess {
    if (this.#process === null) throw new Error(`${this.name} does not run`);
    return this.#process;
  }

  /** Web addresses here, also of a process that drains. */
  urls(): readonly string[] {
    return [...this.#urls];
  }

  /** The end of what the process there has printed. */
  lastWords(): string {
    return `${this.name}:\n${tail(this.#process?.output() ?? '')}`;
  }

  get isEmpty(): boolean {
    return this.#process === null;
  }

  async start(): Promise<void> {
    const { logUrl, storeUrl, dataFolder, program, args, roles } = this.plan;
    const started = await startProcess({
      roles,
      args,
      store: storeUrl,
      ...(logUrl === null ? {} : { log: logUrl }),
      ...(dataFolder === null ? {} : { dataFolder }),
      ...(program === null ? {} : { program }),
    });
    this.#process = started;
    const spare = atExit(() => void process.kill(started.pid, 'SIGKILL'));
    void started.ended.then(spare);
    const { devicePort, url } = started;
    if (url !== null) {
      this.#urls.add(url);
      void started.ended.then(() => this.#urls.delete(url));
    }
    if (devicePort !== null) {
      await this.#deps.proxies.lead(this.links.devices, { host: '127.0.0.1', port: devicePort });
    }
    void started.ended.then((code) => this.#noticeEnd(started, code));
  }

  /** SIGKILL; the slot is empty then. */
  async kill(): Promise<void> {
    const { running } = this;
    await this.#leave();
    await running.kill();
  }

  /** SIGTERM, and waits for the end. Answers the exit code. */
  async drain(): Promise<number | null> {
    const { running } = this;
    await this.#leave();
    return this.#stop(running);
  }

  /** Another process takes the place at once, while this one drains. Answers the exit code of the old one. */
  async replace(): Promise<number | null> {
    const { running } = this;
    this.#process = null;
    const ended = this.#stop(running);
    await this.start();
    return ended;
  }

  /** For good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = this.#process;
    this.#process = null;
    running?.thaw();
    await running?.kill();
  }

  async #stop(running: RunningProcess): Promise<number | null> {
    const startMs = performance.now();
    const code = await running.stop();
    const ms = Math.round(performance.now() - startMs);
    if (code !== 0)
      this.#deps.say(`${this.name} ended with ${code} after ${ms} ms:\n${tail(running.output())}`);
    return code;
  }

  async #leave(): Promise<void> {
    this.#process = null;
    if (this.plan.roles.includes('tracker'))
      await this.#deps.proxies.lead(this.links.devices, null);
  }

  #noticeEnd(ended: RunningProcess, code: number | null): void {
    if (this.#process !== ended) return;
    this.#process = null;
    if (this.#isClosed) return;
    this.unexpectedEnds += 1;
    this.#deps.say(`${this.name} ended by itself with ${code}:\n${tail(ended.output())}`);
    setTimeout(() => {
      if (!this.#isClosed && this.isEmpty) {
        this.start().catch((error: unknown) => this.#deps.say(`${this.name}: ${String(error)}`));
      }
    }, REVIVE_AFTER_MS);
  }
}

const tail = (text: string): string => text.trim().split('\n').slice(-8).join('\n');
