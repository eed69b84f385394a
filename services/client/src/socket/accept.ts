/**
 * Where sockets come in: upgrades on `/` and `/socket`, up to a number of them, with a look every half
 * minute at who still answers. When all places are taken, a newcomer takes that of the socket that has been silent
 * about who it is for longest. Who is on a socket is decided by the key in its first message, never by a
 * cookie, so a page of another origin gains nothing by opening one.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Metrics } from '@followme/platform';
import { WebSocketServer, type WebSocket } from 'ws';
import { createAdmission, type AdmissionLimits } from '../admission.ts';
import { serveConnection, type ConnectionDeps, type Served } from './connection.ts';
import { createSeats } from './seats.ts';

/** Largest message of a client: a key is some 60 bytes. */
const MAX_MESSAGE_BYTES = 4_096;
/** A socket that has not answered a ping for this long is gone. */
const PONG_LIMIT_MS = 30_000;
/** How long the closing handshake may take before the connection is cut. */
const CLOSE_LIMIT_MS = 2_000;
/** Sockets closed per step while stopping, and the pause between steps: 2,000 a second. */
const DRAIN_STEP = 100;
const DRAIN_PAUSE_MS = 50;

/** In a constant, since its types do not know `closeTimeout` yet. */
const SERVER_OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_MESSAGE_BYTES,
  closeTimeout: CLOSE_LIMIT_MS,
};

export interface SocketGate {
  /** For the `upgrade` event of the HTTP server. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void;
  /** Open sockets, identified or not. */
  readonly open: number;
  /** From now on refuses new sockets; the open ones stay. */
  refuseNew(): void;
  /** Refuses new sockets and closes the open ones at a steady rate. */
  drain(): Promise<void>;
}

/** When to come again after a refusal, s. */
const RETRY_AFTER_S = 5;

/** A key is some four looks at the store; within the wait some thousand are looked up. */
const SOCKET_KEYS: AdmissionLimits = {
  kind: 'socketKey',
  atOnce: 5,
  perTenant: 4,
  waiting: 1_000,
  waitMs: 5_000,
};

export interface SocketGateDeps extends Omit<ConnectionDeps, 'count' | 'admission' | 'seats'> {
  readonly metrics: Metrics;
  readonly config: { readonly maxSockets: number };
}

interface OpenSocket {
  readonly socket: WebSocket;
  readonly served: Served;
  hasAnswered: boolean;
}

/** Answers an upgrade that is not to be with a status line and lets the connection go. */
function refuseUpgrade(wire: Duplex, status: 404 | 503): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Length: 0',
    ...(status === 503 ? [`Retry-After: ${RETRY_AFTER_S}`] : []),
  ];
  wire.end(`${head.join('\r\n')}\r\n\r\n`);
}

const isSocketPath = (url: string | undefined): boolean => {
  const path = (url ?? '').split('?', 1)[0];
  return path === '/' || path === '/socket';
};

export function createSocketGate(deps: SocketGateDeps): SocketGate {
  const { metrics, clock, config } = deps;
  const counter = metrics.counter('followme_sockets_total', 'Sockets by what became of them', [
    'outcome',
  ]);
  const open = new Set<OpenSocket>();
  metrics.gauge('followme_sockets_open', 'Open sockets', () => open.size);
  const server = new WebSocketServer(SERVER_OPTIONS);
  const admission = createAdmission(deps, SOCKET_KEYS);
  const seats = createSeats(config.maxSockets);
  /** Sockets that were silent when last looked at, oldest first. */
  const silent = new Set<OpenSocket>();
  let isDraining = false;
  const count: ConnectionDeps['count'] = (outcome) => counter.of({ outcome }).inc();

  const serve = (socket: WebSocket, wire: Duplex): void => {
    const served = serveConnection({ ...deps, admission, seats, count }, socket, wire);
    const opened: OpenSocket = { socket, served, hasAnswered: true };
    open.add(opened);
    silent.add(opened);
    socket.on('pong', () => (opened.hasAnswered = true));
    socket.on('close', () => {
      open.delete(opened);
      silent.delete(opened);
    });
  };
  /** Frees the place of the oldest silent socket; false when none is silent. */
  const crowdOutSilent = (): boolean => {
    for (const opened of silent) {
      silent.delete(opened);
      if (!opened.served.isSilent) continue;
      opened.served.crowdOut();
      open.delete(opened);
      return true;
    }
    return false;
  };
  const cancelPings = watchAnswers(clock, open, () => counter.of({ outcome: 'noPong' }).inc());

  return {
    upgrade(request, wire, head) {
      wire.on('error', () => undefined); // a connection that breaks also closes
      if (!isSocketPath(request.url)) return refuseUpgrade(wire, 404);
      if (isDraining || (open.size >= config.maxSockets && !crowdOutSilent())) {
        counter.of({ outcome: isDraining ? 'SERVICE_STOPPING' : 'TOO_MANY_CONNECTIONS' }).inc();
        return refuseUpgrade(wire, 503);
      }
      server.handleUpgrade(request, wire, head, (socket) => serve(socket, wire));
    },
    get open() {
      return open.size;
    },
    refuseNew() {
      isDraining = true;
    },
    async drain() {
      isDraining = true;
      cancelPings();
      let step = 0;
      for (const { served } of open) {
        served.end('SERVICE_STOPPING');
        step += 1;
        if (step % DRAIN_STEP === 0) await clock.sleep(DRAIN_PAUSE_MS);
      }
    },
  };
}

/** Pings everybody and cuts those who did not answer the ping before. */
function watchAnswers(clock: Clock, open: ReadonlySet<OpenSocket>, onGone: () => void) {
  return clock.every(PONG_LIMIT_MS, () => {
    for (const opened of open) {
      if (!opened.hasAnswered) {
        onGone();
        opened.socket.terminate();
        continue;
      }
      opened.hasAnswered = false;
      opened.socket.ping();
    }
  });
}
