/**
 * One socket from its opening to its end, in one of four states: `silent` (nobody has said who it is),
 * `asking` (its key is being looked up), `viewing` (the hub sends to it) and `closed`. A second message is
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
import type { Store } from '@followme/store';
import { WebSocket, type RawData } from 'ws';
import type { AudienceWatch } from '../live/audience.ts';
import type { LiveHub } from '../live/hub.ts';
import type { LiveSession, SessionSocket } from '../live/session.ts';
import { identify, type Identified } from './identify.ts';
import { createMessageRate } from './message-rate.ts';

/** How long a socket may stay silent. */
const IDENTIFY_LIMIT_MS = 10_000;
/** Messages a client may send: far more than the protocol needs. */
const MESSAGE_RATE = { perSecond: 5, burst: 20 };

export interface ConnectionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly live: { readonly hub: LiveHub; readonly audience: AudienceWatch };
  /** Counts what a socket did, by reason. */
  readonly count: (reason: ErrorCode | 'ignoredMessage' | 'identified' | 'socketError') => void;
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

/** Serves a socket; everything else happens in its events. Call `end` to send it away. */
export function serveConnection(
  deps: ConnectionDeps,
  socket: WebSocket,
  wire: Duplex,
): { end(code: ErrorCode): void } {
  const { clock, count, live } = deps;
  const rate = createMessageRate(MESSAGE_RATE);
  let state: 'silent' | 'asking' | 'viewing' | 'closed' = 'silent';
  let leave: (() => void) | null = null;

  const end = (code: ErrorCode): void => {
    if (state === 'closed') return;
    state = 'closed';
    cancelLimit();
    count(code);
    leave?.();
    closeWith(socket, code);
  };
  const refuse = (code: 'MESSAGE_INVALID' | 'NOT_SIGNED_IN' | 'STORE_UNAVAILABLE'): void => {
    if (state === 'closed') return;
    socket.send(encodeIdentificationResponse({ success: false, code }));
    // the reason on the wire is the one told; the close code is that of a policy or of a bad moment
    state = 'closed';
    cancelLimit();
    count(code);
    socket.close(code === 'STORE_UNAVAILABLE' ? 1013 : 1008, code);
  };
  const view = ({ session, audience, reply }: Identified): void => {
    if (state !== 'asking') return;
    state = 'viewing';
    cancelLimit();
    count('identified');
    socket.send(encodeIdentificationResponse({ success: true, ...reply }));
    const opened: LiveSession = live.hub.open(
      session.tenantId,
      audience,
      createSessionSocket(socket, wire),
    );
    const viewer = { session, live: opened };
    live.audience.join(viewer);
    leave = () => {
      live.audience.leave(viewer);
      live.hub.close(opened, null);
    };
  };
  const ask = async (key: string): Promise<void> => {
    state = 'asking';
    try {
      const identified = await identify(deps.store, key, clock.nowMs());
      if (identified === null) refuse('NOT_SIGNED_IN');
      else view(identified);
    } catch (error) {
      deps.logger.warn('socket.identifyFailed', { error });
      refuse('STORE_UNAVAILABLE');
    }
  };
  const hear = (data: RawData, isBinary: boolean): void => {
    if (state === 'closed') return;
    if (!rate.take(clock.monotonicMs())) return end('MESSAGE_RATE');
    if (state !== 'silent') return count('ignoredMessage');
    const message = isBinary ? null : parseIdentifyMessage(textOf(data));
    if (message === null) return refuse('MESSAGE_INVALID');
    void ask(message.sessionKey);
  };

  const cancelLimit: CancelTimer = clock.after(IDENTIFY_LIMIT_MS, () =>
    end('IDENTIFICATION_TIMEOUT'),
  );
  socket.on('message', hear);
  socket.on('error', () => count('socketError'));
  socket.on('close', () => {
    state = 'closed';
    cancelLimit();
    leave?.();
  });
  return { end };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8'); // `ws` hands out Buffers unless told otherwise
}
