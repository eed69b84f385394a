/**
 * One tracker's connection, as the device behaves: it keeps what it could not send, and with CCC also what the
 * server has not confirmed, up to a bound; it sends at most one unconfirmed frame at a time; it comes back
 * with growing pauses; asked where it is, it reports at once.
 *
 * States: `waiting` (until `retryAtMs`), `connecting`, `open`, `stopped` (for good). Only `#enter…` and `stop`
 * change them. `tick` is called a few times a second and is the only thing that watches the clock.
 */
import { createConnection, type Socket } from 'node:net';
import { retryDelayMs, type Clock, type Random, type RetryPolicy } from '@followme/platform';
import {
  encodeAaa,
  encodeCcc,
  parseConfirmation,
  parseLocateQuery,
  type MeitrackReport,
} from '@followme/protocols';
import { EVENT_BY_TIME } from './fleet.ts';
import type { LocalPorts } from './local-ports.ts';

/** How a tracker speaks: text without confirmation, or binary with. */
type Speech = 'AAA' | 'CCC';

/** What a fleet counts. */
export interface FleetCounters {
  /** Records written to a socket; a record that is sent again counts again. */
  sent: number;
  /** Records the server confirmed (CCC only). */
  acknowledged: number;
  /** Connections made after the first one of each tracker. */
  reconnects: number;
  /** Connections that failed, broke or were given up. */
  errors: number;
  /** Records forgotten because a tracker held too many. */
  overflowed: number;
}

/** What all links of a fleet share. */
export interface LinkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly localPorts: LocalPorts;
  readonly counters: FleetCounters;
}

interface LinkOptions {
  readonly host: string;
  readonly port: number;
  readonly imei: string;
  readonly speech: Speech;
  /** Most records held; the oldest are forgotten first. */
  readonly maxHeldRecords: number;
  readonly maxRecordsPerFrame: number;
  readonly confirmTimeoutMs: number;
  /** When to connect for the first time, by the clock's monotonic time. */
  readonly connectAtMs: number;
  /** Called for each record the server has confirmed. */
  readonly onAcknowledged: (fixTimeMs: number) => void;
  /** The report of this moment, for a server that asks. */
  readonly reportNow: () => MeitrackReport;
}

const RETRY: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 500,
  maxDelayMs: 15_000,
  isRetryable: () => true,
};
const CONNECT_TIMEOUT_MS = 10_000;
/** Told by bind, or only by connect when bind may share the port and the whole four-tuple is taken. */
const PORT_TAKEN: ReadonlySet<string> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);
/** A taken local port is no failure of the server: so many are tried before it counts as one. */
const MAX_PORT_TRIES = 64;
/** More than this unsent in the socket and the tracker holds its records back. */
const MAX_UNSENT_BYTES = 65_536;
const MAX_REPLY_BYTES = 256;
/** The family's event number of a report that was asked for. */
const EVENT_REPLY_CURRENT = 34;
const FIRST_FLAG = 0x41;
const LAST_FLAG = 0x7a;
const LINE_FEED = 0x0a;

export class TrackerLink {
  readonly #deps: LinkDeps;
  readonly #options: LinkOptions;
  #state: 'waiting' | 'connecting' | 'open' | 'stopped' = 'waiting';
  #socket: Socket | null = null;
  #retryAtMs: number;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #failedTries = 0;
  #portTries = 0;
  #hasConnected = false;
  #held: MeitrackReport[] = [];
  /** Records at the front of `#held` that are on their way and unconfirmed; 0 = no frame is. */
  #inFlight = 0;
  #flag = FIRST_FLAG;
  #replies = Buffer.alloc(0);

  constructor(deps: LinkDeps, options: LinkOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#retryAtMs = options.connectAtMs;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether nothing of a connection is left. */
  get isClosed(): boolean {
    return this.#socket === null;
  }

  /** Records not sent, or sent and not confirmed. */
  get heldRecords(): number {
    return this.#held.length;
  }

  /** Takes a report: sends it, or keeps it until it can be sent. */
  add(report: MeitrackReport): void {
    if (this.#state === 'stopped') return;
    this.#held.push(report);
    if (this.#held.length > this.#options.maxHeldRecords) this.#forgetOldest();
    this.#send();
  }

  /** Connects when it is time, gives up on what takes too long. `nowMs` is monotonic. */
  tick(nowMs: number): void {
    if (this.#state === 'waiting' && nowMs >= this.#retryAtMs) this.#connect(nowMs);
    else if (nowMs >= this.#deadlineMs) this.#fail();
    else if (this.#state === 'open') this.#send();
  }

  /** Connects no more. An open connection is closed after what was written; `force` cuts it. */
  stop(force: boolean): void {
    this.#state = 'stopped';
    const socket = this.#socket;
    if (socket === null) return;
    if (force) socket.destroy();
    else socket.end();
  }

  #connect(nowMs: number): void {
    const { host, port } = this.#options;
    const local = this.#deps.localPorts.next();
    const family = local.localAddress === undefined ? {} : { family: 4 };
    this.#state = 'connecting';
    this.#deadlineMs = nowMs + CONNECT_TIMEOUT_MS;
    const socket = createConnection({ host, port, noDelay: true, ...family, ...local });
    this.#socket = socket;
    let isPortTaken = false;
    socket.on('connect', () => this.#enterOpen(socket));
    socket.on('data', (chunk) => this.#read(socket, chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      isPortTaken = local.localPort !== undefined && PORT_TAKEN.has(error.code ?? '');
    });
    socket.on('close', () => {
      if (socket === this.#socket) this.#enterWaiting(isPortTaken);
    });
  }

  #enterOpen(socket: Socket): void {
    if (socket !== this.#socket || this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#failedTries = 0;
    this.#portTries = 0;
    if (this.#hasConnected) this.#deps.counters.reconnects += 1;
    this.#hasConnected = true;
    this.#send();
  }

  #enterWaiting(isPortTaken: boolean): void {
    this.#socket = null;
    this.#inFlight = 0;
    this.#replies = Buffer.alloc(0);
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    if (this.#state === 'stopped') return;
    this.#state = 'waiting';
    const { clock, random, counters } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (isPortTaken && this.#portTries < MAX_PORT_TRIES) {
      this.#portTries += 1;
      this.#connect(nowMs);
      return;
    }
    counters.errors += 1;
    this.#portTries = 0;
    this.#failedTries += 1;
    this.#retryAtMs = nowMs + retryDelayMs(RETRY, Math.min(this.#failedTries, 16), random);
  }

  #fail(): void {
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#socket?.destroy();
  }

  #send(): void {
    const socket = this.#socket;
    if (this.#state !== 'open' || socket === null || this.#held.length === 0) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) return;
    if (this.#options.speech === 'AAA') this.#sendText(socket);
    else if (this.#inFlight === 0) this.#sendBinary(socket);
  }

  #sendText(socket: Socket): void {
    const { imei } = this.#options;
    for (const report of this.#held.splice(0)) {
      socket.write(encodeAaa({ imei, flag: this.#nextFlag() }, report));
      this.#deps.counters.sent += 1;
    }
  }

  #sendBinary(socket: Socket): void {
    const { imei, maxRecordsPerFrame, confirmTimeoutMs } = this.#options;
    const reports = this.#held.slice(0, maxRecordsPerFrame);
    this.#inFlight = reports.length;
    this.#deadlineMs = this.#deps.clock.monotonicMs() + confirmTimeoutMs;
    socket.write(encodeCcc({ imei, flag: this.#nextFlag() }, reports, this.#held.length));
    this.#deps.counters.sent += reports.length;
  }

  #read(socket: Socket, chunk: Buffer): void {
    if (socket !== this.#socket) return;
    this.#replies = Buffer.concat([this.#replies, chunk]);
    let end = this.#replies.indexOf(LINE_FEED);
    while (end >= 0) {
      const line = this.#replies.subarray(0, end + 1);
      this.#replies = this.#replies.subarray(end + 1);
      this.#obey(line);
      end = this.#replies.indexOf(LINE_FEED);
    }
    if (this.#replies.length > MAX_REPLY_BYTES) this.#fail();
  }

  /** Does what a line of the server says; what it does not know it passes over. */
  #obey(line: Buffer): void {
    const confirmation = parseConfirmation(line);
    if (confirmation !== null) return this.#confirm(confirmation.flag, confirmation.records);
    if (parseLocateQuery(line) !== this.#options.imei) return;
    const report = this.#options.reportNow();
    // what happened at this moment is more than that it was asked for
    const isRoutine = report.eventCode === EVENT_BY_TIME;
    this.add(isRoutine ? { ...report, eventCode: EVENT_REPLY_CURRENT } : report);
  }

  /** The server has the oldest `records` of the frame with this flag. */
  #confirm(flag: string, records: number): void {
    if (this.#inFlight === 0 || flag.charCodeAt(0) !== this.#flag) return;
    const confirmed = this.#held.splice(0, Math.min(records, this.#inFlight));
    this.#inFlight = 0;
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#deps.counters.acknowledged += confirmed.length;
    for (const report of confirmed) this.#options.onAcknowledged(report.fixTimeMs);
    this.#send();
  }

  /** What is on its way cannot be forgotten: the oldest one behind it goes. */
  #forgetOldest(): void {
    this.#held.splice(this.#inFlight, 1);
    this.#deps.counters.overflowed += 1;
  }

  #nextFlag(): string {
    this.#flag = this.#flag >= LAST_FLAG ? FIRST_FLAG : this.#flag + 1;
    return String.fromCharCode(this.#flag);
  }
}
