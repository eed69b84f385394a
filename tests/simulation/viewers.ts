/**
 * People who look: each holds a socket to some process, decodes what comes as a browser does, and connects to
 * another process when its own is gone. What a view shows of a tracker never goes back in time.
 */
import { trustedId, type GroupId } from '@followme/model';
import type { Random } from '@followme/platform';
import type { LiveHub } from '../../services/client/src/live/hub.ts';
import type {
  Audience,
  LiveSession,
  SessionSocket,
} from '../../services/client/src/live/session.ts';
import { TENANT } from './fences.ts';
import type { SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

/** Where viewers can connect to. */
export interface Window {
  readonly process: SimulatedProcess;
  readonly hub: LiveHub;
}

/** What a view shows of a tracker. */
export interface Shown {
  readonly timeMs: number;
  readonly lon: number;
}

const LOOK_EVERY_MS = 400;

interface Message {
  readonly header: string;
  readonly data?: unknown;
}

interface LocationMessage {
  readonly tracker: number;
  readonly timestamp: string;
  readonly location: { readonly longitude: number };
}

/** Text messages out of a stream of unmasked WebSocket frames (RFC 6455 §5.2). */
function decodeFrames(bytes: Buffer, onText: (text: string) => void): Buffer {
  let at = 0;
  let started = 0;
  let parts: Buffer[] = [];
  while (at + 2 <= bytes.length) {
    const first = bytes.readUInt8(at);
    const short = bytes.readUInt8(at + 1);
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + header > bytes.length) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (at + header + length > bytes.length) break;
    parts.push(bytes.subarray(at + header, at + header + length));
    at += header + length;
    if ((first & 0x80) === 0) continue;
    onText(Buffer.concat(parts).toString());
    parts = [];
    started = at;
  }
  return bytes.subarray(started);
}

/** What a viewer is made of. */
export interface ViewerDeps {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly name: string;
  readonly audience: Audience;
  /** It reads slowly: a byte that waits for it weighs this many. */
  readonly weight: number;
  readonly windows: () => readonly Window[];
  readonly violate: (what: string) => void;
}

/** One person's window. */
export class Viewer {
  readonly name: string;
  readonly audience: Audience;
  readonly shown = new Map<number, Shown>();
  readonly #deps: ViewerDeps;
  /** Newest time ever shown of each tracker over this connection. */
  readonly #newest = new Map<number, number>();
  #connection = 0;
  #window: Window | null = null;
  #hasCache = false;
  #rest: Buffer = Buffer.alloc(0);

  constructor(deps: ViewerDeps) {
    this.#deps = deps;
    this.name = deps.name;
    this.audience = deps.audience;
    this.#look();
  }

  /** It has a connection over which it was told everything. */
  get isLive(): boolean {
    return this.#window !== null && this.#window.process.state !== 'dead' && this.#hasCache;
  }

  #look(): void {
    const { schedule, random } = this.#deps;
    schedule.after(LOOK_EVERY_MS * (0.5 + random.next()), `${this.name} looks`, () => {
      const isGone = this.#window === null || this.#window.process.state === 'dead';
      if (isGone) this.#connect();
      this.#look();
    });
  }

  #connect(): void {
    const { random, windows } = this.#deps;
    const open = windows();
    this.#window = open[random.integer(0, open.length - 1)] ?? null;
    if (this.#window === null) return;
    this.#connection += 1;
    this.#hasCache = false;
    this.shown.clear();
    this.#newest.clear();
    this.#rest = Buffer.alloc(0);
    const { process, hub } = this.#window;
    const connection = this.#connection;
    let session: LiveSession | null = null;
    const socket = this.#socket(connection, process, () => {
      if (session !== null) hub.close(session, null);
    });
    process.after(random.next() * 10, `${this.name} connects`, () => {
      session = hub.open(TENANT, this.audience, socket);
    });
  }

  #socket(connection: number, process: SimulatedProcess, gone: () => void): SessionSocket {
    const { schedule, random, weight } = this.#deps;
    let unsentBytes = 0;
    let arrivesMs = 0;
    const send = (what: string, bytes: number, run: () => void): void => {
      unsentBytes += bytes;
      const slowly = weight > 1 ? random.next() * 900 : random.next() * 6;
      arrivesMs = Math.max(arrivesMs + 0.01, schedule.nowMs + slowly);
      schedule.after(arrivesMs - schedule.nowMs, `${this.name} ${what}`, () => {
        unsentBytes -= bytes;
        if (process.state !== 'dead' && connection === this.#connection) run();
      });
    };
    return {
      get unsentBytes() {
        return unsentBytes * weight;
      },
      write: (frames) => {
        const copy = Buffer.from(frames);
        send('receives', copy.length, () => this.#receive(copy));
      },
      close: () =>
        send('is sent away', 0, () => {
          this.#window = null;
          process.after(0, 'a socket is gone', gone);
        }),
    };
  }

  #receive(bytes: Buffer): void {
    this.#rest = decodeFrames(Buffer.concat([this.#rest, bytes]), (text) => {
      const message: Message = JSON.parse(text);
      this.#take(message);
    });
  }

  #take({ header, data }: Message): void {
    switch (header) {
      case 'cache':
        if (this.#hasCache) this.#deps.violate(`${this.name} got its cache twice`);
        this.#hasCache = true;
        for (const location of data as readonly LocationMessage[]) this.#show(location);
        return;
      case 'locationUpdate':
        if (!this.#hasCache) this.#deps.violate(`${this.name} got an update before its cache`);
        this.#show(data as LocationMessage);
        return;
      case 'trackerRemoved':
        this.shown.delete((data as { readonly tracker: number }).tracker);
        return;
      case 'trackerNamed':
      case 'event':
      case 'fencesChanged':
      case 'ping':
        return;
      default:
        this.#deps.violate(`${this.name} got a ${header}`);
    }
  }

  #show({ tracker, timestamp, location }: LocationMessage): void {
    const timeMs = Date.parse(timestamp);
    const newest = this.#newest.get(tracker) ?? -Infinity;
    if (timeMs < newest) {
      this.#deps.violate(`${this.name} saw tracker ${tracker} go back from ${newest} to ${timeMs}`);
    }
    this.#newest.set(tracker, Math.max(newest, timeMs));
    this.shown.set(tracker, { timeMs, lon: location.longitude });
  }
}

/** Two groups between which trackers are moved, so that views change. */
export const VIEW_GROUPS: readonly GroupId[] = [trustedId<GroupId>(10), trustedId<GroupId>(11)];
