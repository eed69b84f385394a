/**
 * Keeps one WebSocket to the server: a fresh single-use key for every connection, a watchdog on the server's
 * ping, and growing, scattered waits after a failure. It ends only when told to, or when the session has.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { reconnectDelayMs } from './backoff.ts';
import type { LiveFeed } from './live-feed.ts';
import { parseFrame } from './socket-frames.ts';

/** What the client needs of a WebSocket; the browser's own has it. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

/** The answer to the request for a socket key. */
export type SocketKey =
  | { readonly kind: 'key'; readonly sessionKey: string }
  | { readonly kind: 'loggedOut' }
  | { readonly kind: 'failed' };

export interface SocketClientDeps {
  readonly clock: BrowserClock;
  readonly feed: Pick<LiveFeed, 'receive' | 'setConnection' | 'connection'>;
  /** Asks the server for a key that opens one socket. Never rejects. */
  readonly fetchSocketKey: () => Promise<SocketKey>;
  readonly openSocket: () => SocketLike;
  /** The session has ended on the server: nothing can be shown any more. */
  readonly onLoggedOut: () => void;
}

export interface SocketClient {
  start(): void;
  /** Gives up waiting and tries at once, then again soon. Does nothing while connected. */
  retryNow(): void;
  stop(): void;
}

/** The server pings every second; this long without any frame means the connection is dead. */
const SILENCE_LIMIT_MS = 5000;
/** Connecting and identifying together may take this long. */
const CONNECT_LIMIT_MS = 10_000;
const WATCHDOG_MS = 1000;

/** One connection from open to close. Calls `onEnd` exactly once. */
interface Attempt {
  close(): void;
}

interface AttemptEvents {
  readonly onLive: () => void;
  readonly onFrame: () => void;
  readonly onEnd: () => void;
}

function openAttempt(deps: SocketClientDeps, sessionKey: string, events: AttemptEvents): Attempt {
  const { clock, feed } = deps;
  const socket = deps.openSocket();
  let heardMs = clock.nowMs();
  let limitMs = CONNECT_LIMIT_MS;
  let ended = false;

  function end(): void {
    if (ended) return;
    ended = true;
    cancelWatchdog();
    socket.onmessage = null;
    socket.close();
    events.onEnd();
  }
  const cancelWatchdog = clock.every(WATCHDOG_MS, () => {
    if (clock.nowMs() - heardMs >= limitMs) end();
  });

  socket.onopen = () => socket.send(JSON.stringify({ sessionKey }));
  socket.onclose = end;
  socket.onerror = end;
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (typeof data !== 'string') return;
    heardMs = clock.nowMs();
    const frame = parseFrame(data);
    if (frame.header === 'identificationResponse') {
      if (!frame.success) return end();
      limitMs = SILENCE_LIMIT_MS;
      events.onLive();
    }
    events.onFrame();
    feed.receive(frame);
  };
  return { close: end };
}

/** Makes a client that does nothing until `start`. */
export function createSocketClient(deps: SocketClientDeps): SocketClient {
  const { clock, feed } = deps;
  let running = false;
  let failures = 0;
  let attempt: Attempt | null = null;
  let connecting = false;
  let cancelWait: CancelTimer = () => undefined;
  let lastHeardMs = clock.nowMs();

  function onEnd(): void {
    attempt = null;
    if (!running) return;
    failures += 1;
    if (feed.connection.kind !== 'reconnecting') {
      feed.setConnection({ kind: 'reconnecting', sinceMs: lastHeardMs });
    }
    cancelWait = clock.after(reconnectDelayMs(failures, clock.random()), () => void connect());
  }

  async function connect(): Promise<void> {
    if (connecting || attempt !== null) return;
    connecting = true;
    const key = await deps.fetchSocketKey();
    connecting = false;
    if (!running) return;
    if (key.kind === 'loggedOut') {
      running = false;
      return deps.onLoggedOut();
    }
    if (key.kind === 'failed') return onEnd();
    attempt = openAttempt(deps, key.sessionKey, {
      onLive: () => {
        failures = 0;
        feed.setConnection({ kind: 'live' });
      },
      onFrame: () => (lastHeardMs = clock.nowMs()),
      onEnd,
    });
  }

  return {
    start() {
      if (running) return;
      running = true;
      void connect();
    },
    retryNow() {
      if (!running) return;
      cancelWait();
      failures = 0;
      void connect();
    },
    stop() {
      running = false;
      cancelWait();
      attempt?.close();
    },
  };
}
