/**
 * One tracker as it behaves in the field: it keeps every fix until the server has confirmed it, sends in order,
 * one unconfirmed frame at a time, and goes to the other address when one fails. Now and then it sends an old
 * record once more.
 *
 * States: `waiting` (until `retryAtMs`), `connecting`, `open`. Only `#connect`, `#opened` and `#closed` change
 * them; `tick` watches the clock.
 */
import { createConnection, type Socket } from 'node:net';
import type { Random } from '@followme/platform';
import { encodeCcc, parseConfirmation, type MeitrackReport } from '@followme/protocols';
import { imeiOf, reportOf } from '../journey.ts';
import type { Target } from './messages.ts';

const RECORDS_PER_FRAME = 10;
const CONFIRM_LIMIT_MS = 3_000;
const CONNECT_LIMIT_MS = 2_000;
const RETRY_MS = { least: 200, most: 1_000 } as const;
/** One in so many confirmed frames is followed by a record that was confirmed long before. */
const FRAMES_PER_REPEAT = 40;
const FIRST_FLAG = 0x41;
const LAST_FLAG = 0x7a;
const LINE_FEED = 0x0a;

/** A fix that waits for its confirmation. */
export interface HeldFix {
  readonly step: number;
  readonly fixTimeMs: number;
  readonly madeMs: number;
}

/** What all devices of a generator share. */
export interface DeviceDeps {
  readonly random: Random;
  readonly targets: () => readonly Target[];
  readonly localAddress: string | undefined;
  readonly counters: { reconnects: number; failures: number; repeats: number; connected: number };
  /** A fix was confirmed. */
  readonly onConfirmed: (index: number, fix: HeldFix) => void;
}

export class LoadDevice {
  readonly index: number;
  readonly #moves: boolean;
  readonly #deps: DeviceDeps;
  #state: 'waiting' | 'connecting' | 'open' = 'waiting';
  #socket: Socket | null = null;
  #target: number;
  #retryAtMs = 0;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #hasConnected = false;
  readonly #held: HeldFix[] = [];
  /** Records at the front of `#held` that are on their way; 0 when a repeat is, or nothing. */
  #inFlight = 0;
  #isAsking = false;
  #flag = FIRST_FLAG;
  #replies: Buffer = Buffer.alloc(0);
  #step = 0;
  #lastFixTimeMs = 0;
  #old: HeldFix | null = null;
  #isRepeatDue = false;

  constructor(deps: DeviceDeps, options: { readonly index: number; readonly moves: boolean }) {
    this.#deps = deps;
    this.index = options.index;
    this.#moves = options.moves;
    this.#target = options.index;
  }

  get held(): number {
    return this.#held.length;
  }

  /** A fix of this second; false when there was one already. */
  make(nowMs: number): boolean {
    const fixTimeMs = Math.floor(nowMs / 1_000) * 1_000;
    if (fixTimeMs <= this.#lastFixTimeMs) return false;
    this.#lastFixTimeMs = fixTimeMs;
    this.#held.push({ step: this.#step, fixTimeMs, madeMs: nowMs });
    this.#step += 1;
    this.#send(nowMs);
    return true;
  }

  tick(nowMs: number): void {
    if (this.#state === 'waiting' && nowMs >= this.#retryAtMs) this.#connect(nowMs);
    else if (nowMs >= this.#deadlineMs) this.#socket?.destroy();
  }

  /** Drops the connection and dials at once. */
  reconnect(nowMs: number): void {
    const socket = this.#socket;
    if (this.#state === 'open') this.#deps.counters.connected -= 1;
    this.#socket = null;
    socket?.destroy();
    this.#connect(nowMs);
  }

  #connect(nowMs: number): void {
    const targets = this.#deps.targets();
    const target = targets[this.#target % targets.length];
    if (target === undefined) return;
    const { localAddress } = this.#deps;
    this.#state = 'connecting';
    this.#deadlineMs = nowMs + CONNECT_LIMIT_MS;
    this.#inFlight = 0;
    this.#isAsking = false;
    this.#replies = Buffer.alloc(0);
    const socket = createConnection({
      ...target,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    this.#socket = socket;
    socket.on('connect', () => this.#opened(socket));
    socket.on('data', (chunk) => this.#read(socket, chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed(socket));
  }

  #opened(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#state = 'open';
    this.#deps.counters.connected += 1;
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    if (this.#hasConnected) this.#deps.counters.reconnects += 1;
    this.#hasConnected = true;
    this.#send(Date.now());
  }

  #closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    const { counters, random } = this.#deps;
    if (this.#state === 'open') counters.connected -= 1;
    counters.failures += 1;
    this.#socket = null;
    this.#state = 'waiting';
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#retryAtMs = Date.now() + random.integer(RETRY_MS.least, RETRY_MS.most);
    this.#target += 1;
  }

  #send(nowMs: number): void {
    if (this.#state !== 'open' || this.#isAsking) return;
    const repeat = this.#isRepeatDue ? this.#old : null;
    const fixes = repeat === null ? this.#held.slice(0, RECORDS_PER_FRAME) : [repeat];
    if (fixes.length === 0) return;
    this.#isRepeatDue = false;
    this.#inFlight = repeat === null ? fixes.length : 0;
    this.#isAsking = true;
    this.#deadlineMs = nowMs + CONFIRM_LIMIT_MS;
    this.#flag = this.#flag >= LAST_FLAG ? FIRST_FLAG : this.#flag + 1;
    const sender = { imei: imeiOf(this.index), flag: String.fromCharCode(this.#flag) };
    this.#socket?.write(
      encodeCcc(
        sender,
        fixes.map((fix) => this.#report(fix)),
        this.#held.length,
      ),
    );
    if (repeat !== null) this.#deps.counters.repeats += 1;
  }

  #report({ step, fixTimeMs }: HeldFix): MeitrackReport {
    return reportOf(this.index, { step, fixTimeMs, moves: this.#moves });
  }

  #read(socket: Socket, chunk: Buffer): void {
    if (socket !== this.#socket) return;
    this.#replies = this.#replies.length === 0 ? chunk : Buffer.concat([this.#replies, chunk]);
    for (let end = this.#replies.indexOf(LINE_FEED); end >= 0;) {
      const confirmation = parseConfirmation(this.#replies.subarray(0, end + 1));
      this.#replies = this.#replies.subarray(end + 1);
      if (confirmation !== null) this.#confirm(confirmation.flag, confirmation.records);
      end = this.#replies.indexOf(LINE_FEED);
    }
  }

  #confirm(flag: string, records: number): void {
    if (!this.#isAsking || flag.charCodeAt(0) !== this.#flag) return;
    const confirmed = this.#held.splice(0, Math.min(records, this.#inFlight));
    this.#isAsking = false;
    this.#inFlight = 0;
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    for (const fix of confirmed) this.#deps.onConfirmed(this.index, fix);
    const { random } = this.#deps;
    const [first] = confirmed;
    if (first !== undefined && random.next() * FRAMES_PER_REPEAT < 1) {
      this.#isRepeatDue = this.#old !== null;
      // the next repeat is of about now: old by then
      if (!this.#isRepeatDue) this.#old = first;
    }
    this.#send(Date.now());
  }
}
