/**
 * One socket from its opening to its end, in one of four states: `silent` (nobody has said who it is; it gives way
 * to others when there are too many), `asking` (its key is being looked up), `viewing` (the hub sends to it) and
 * `closed`. A second message is
 * no error, since old clients send some; it counts against the rate and is otherwise ignored.
 */
import type { Duplex } from 'node:stream';
import {
  encodeIdentificationResponse,
  ERRORS,
  parseIdentifyMessage,
  type ErrorCode,
} from '@followme/contracts';
import type { CancelTimer, Clock, Logger } from '@followme/platform';
import { tenantOfSecret, type Store } from '@followme/store';
import { WebSocket, type RawData } from 'ws';
import type { Admission } from '../admission.ts';
import type { AudienceWatch } from '../live/audience.ts';
import type { LiveHub } from '../live/hub.ts';
import type { LiveSession, SessionSocket } from '../live/session.ts';
import { identify, type Identified } from './identify.ts';
import { createMessageRate } from './message-rate.ts';
import type { Seats } from './seats.ts';

/** How long a socket may stay silent. */
const IDENTIFY_LIMIT_MS = 10_000;
/** Messages a client may send: far more than the protocol needs. */
const MESSAGE_RATE = { perSecond: 5, burst: 20 };

export interface ConnectionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly live: { readonly hub: LiveHub; readonly audience: AudienceWatch };
  /** Where keys stand in line for their look at the store. */
  readonly admission: Admission;
  /** How many viewers of one customer there may be. */
  readonly seats: Seats;
  /** Counts what a socket did, by reason. */
  readonly count: (
    reason: ErrorCode | 'ignoredMessage' | 'identified' | 'socketError' | 'crowdedOut',
  ) => void;
}

/**
 * The hub's way to a socket. Frames are whole and unmasked, so they may go straight to the connection the
 * upgrade gave us: `ws` keeps the handshake, pings, closing and what comes in, and since compression is
 * off it writes each frame of its own in one synchronous step, never in between ours.
 */
function createSessionSocket(socket: WebSocket, wire: Duplex): SessionSocket {
  return {
    get unsentBytes() {
      return wire.writableLength;
    },
    write(frames) {
      if (socket.readyState === WebSocket.OPEN) wire.write(frames);
    },
    close: (code) => closeWith(socket, code),
  };
}

function closeWith(socket: WebSocket, code: ErrorCode): void {
  socket.close(ERRORS[code].status, code);
}

/** Why an identification is refused; the close code is that of a policy or of a bad moment. */
type Refusal =
  'MESSAGE_INVALID' | 'NOT_SIGNED_IN' | 'STORE_UNAVAILABLE' | 'OVERLOADED' | 'TENANT_CONNECTIONS';
const CLOSE_CODES: Readonly<Record<Refusal, number>> = {
  MESSAGE_INVALID: 1008,
  NOT_SIGNED_IN: 1008,
  STORE_UNAVAILABLE: 1013,
  OVERLOADED: 1013,
  TENANT_CONNECTIONS: 1013,
};

/** One socket's state and what changes it: its messages, its time limit, its end from either side. */
class Connection {
  readonly #deps: ConnectionDeps;
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #rate = createMessageRate(MESSAGE_RATE);
  readonly #cancelLimit: CancelTimer;
  #state: 'silent' | 'asking' | 'viewing' | 'closed' = 'silent';
  /** Takes the viewer out of the hub; only in `viewing`. */
  #leave: (() => void) | null = null;

  constructor(deps: ConnectionDeps, socket: WebSocket, wire: Duplex) {
    this.#deps = deps;
    this.#socket = socket;
    this.#wire = wire;
    this.#cancelLimit = deps.clock.after(IDENTIFY_LIMIT_MS, () =>
      this.end('IDENTIFICATION_TIMEOUT'),
    );
  }

  /** Sends it away. */
  end(code: ErrorCode): void {
    if (this.#state === 'closed') return;
    this.#deps.count(code);
    this.close();
    closeWith(this.#socket, code);
  }

  /** Nobody has said who it is. */
  get isSilent(): boolean {
    return this.#state === 'silent';
  }

  /** Cuts it, silent as it is, to make room for another at once. */
  crowdOut(): void {
    if (this.#state === 'closed') return;
    this.#deps.count('crowdedOut');
    this.close();
    this.#socket.terminate();
  }

  /** It is over, or about to be: nothing more is heard or sent. */
  close(): void {
    this.#state = 'closed';
    this.#cancelLimit();
    this.#leave?.();
    this.#leave = null;
  }

  hear(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    if (!this.#rate.take(this.#deps.clock.monotonicMs())) return this.end('MESSAGE_RATE');
    if (this.#state !== 'silent') return this.#deps.count('ignoredMessage');
    const message = isBinary ? null : parseIdentifyMessage(textOf(data));
    if (message === null) return this.#refuse('MESSAGE_INVALID');
    void this.#ask(message.sessionKey);
  }

  async #ask(key: string): Promise<void> {
    const { store, clock, logger, admission } = this.#deps;
    this.#state = 'asking';
    const leavePlace = await admission.enter({ tenant: tenantNamedBy(key), person: '' });
    if (leavePlace === null) return this.#refuse('OVERLOADED');
    try {
      // who went while standing in line costs the store nothing
      if (this.#isClosed()) return;
      const identified = await identify(store, key, clock.nowMs());
      if (identified === null) this.#refuse('NOT_SIGNED_IN');
      else this.#view(identified);
    } catch (error) {
      logger.warn('socket.identifyFailed', { error });
      this.#refuse('STORE_UNAVAILABLE');
    } finally {
      leavePlace();
    }
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #refuse(code: Refusal): void {
    if (this.#state === 'closed') return;
    this.#socket.send(encodeIdentificationResponse({ success: false, code }));
    this.#deps.count(code);
    this.close();
    // the reason on the wire is the one told
    this.#socket.close(CLOSE_CODES[code], code);
  }

  #view({ session, audience, reply }: Identified): void {
    if (this.#state !== 'asking') return;
    const { live, count, seats } = this.#deps;
    const standUp = seats.take(session.tenantId);
    if (standUp === null) return this.#refuse('TENANT_CONNECTIONS');
    this.#state = 'viewing';
    this.#cancelLimit();
    count('identified');
    this.#socket.send(encodeIdentificationResponse({ success: true, ...reply }));
    const way = createSessionSocket(this.#socket, this.#wire);
    const opened: LiveSession = live.hub.open(session.tenantId, audience, way);
    const viewer = { session, live: opened };
    live.audience.join(viewer);
    this.#leave = () => {
      standUp();
      live.audience.leave(viewer);
      live.hub.close(opened, null);
    };
  }
}

/** A socket that is served, for whoever keeps the list of them. */
export interface Served {
  readonly isSilent: boolean;
  end(code: ErrorCode): void;
  crowdOut(): void;
}

/** Serves a socket; everything else happens in its events. Call `end` to send it away. */
export function serveConnection(deps: ConnectionDeps, socket: WebSocket, wire: Duplex): Served {
  const connection = new Connection(deps, socket, wire);
  socket.on('message', (data, isBinary) => connection.hear(data, isBinary));
  socket.on('error', () => deps.count('socketError'));
  socket.on('close', () => connection.close());
  return connection;
}

/** The customer a key claims to be of; all that claim none wait as one. */
function tenantNamedBy(key: string): string {
  return String(tenantOfSecret('fk', key) ?? tenantOfSecret('fm', key) ?? '');
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8'); // `ws` hands out Buffers unless told otherwise
}
