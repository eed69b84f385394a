/**
 * The server side of the bench of the page: the built app, the few answers it needs, and a socket that speaks the
 * captured protocol, one message per position and one write per tick of 50 ms, as `services/client` does.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  type Branding,
  CACHE_END,
  CACHE_START,
  encodeIdentificationResponse,
  encodeLocationUpdate,
  encodePing,
  type SessionReply,
} from '@followme/contracts';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { dayOf, type Fleet } from './fleet.ts';
import { textFrame } from './text-frame.ts';

const TICK_MS = 50;
const TICKS_PER_S = 1_000 / TICK_MS;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

const SESSION: SessionReply = {
  user: { id: 1, name: 'Bench', email: 'bench@example.com', role: 'operator' },
  tenant: { id: 1, name: 'Bench', isProvider: false },
};

const BRANDING: Branding = {
  name: 'Bench',
  colour: null,
  logoUrl: null,
  language: null,
  map: { kind: 'builtIn' },
};

export interface BenchServer {
  readonly url: string;
  /** From now on so many trackers report every second. */
  setRate(perSecond: number): void;
  /** From now on this tracker reports every second besides; null is none. */
  setWatched(trackerId: number | null): void;
  stop(): Promise<void>;
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function answerApi(url: URL, fleet: Fleet, response: ServerResponse): void {
  switch (url.pathname) {
    case '/api/session':
      return sendJson(response, SESSION);
    case '/api/branding':
      return sendJson(response, BRANDING);
    case '/api/session/socket-key':
      return sendJson(response, { sessionKey: 'bench', expiresInS: 60 });
    case '/api/trackers': {
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const until = from + Number(url.searchParams.get('limit') ?? 100);
      const items = fleet.trackers.slice(from, until);
      const nextCursor = until < fleet.trackers.length ? String(until) : null;
      return sendJson(response, { items, nextCursor });
    }
    default: {
      const [, trackerId] = /^\/api\/trackers\/(\d+)\/positions$/.exec(url.pathname) ?? [];
      if (trackerId !== undefined) return answerDay(url, response);
      // every other list is empty: the bench is about positions
      return sendJson(response, { items: [], nextCursor: null });
    }
  }
}

/** A day of positions, a page at a time. */
function answerDay(url: URL, response: ServerResponse): void {
  const day = dayOf(Date.parse(url.searchParams.get('from') ?? ''), Date.now());
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const until = from + Number(url.searchParams.get('limit') ?? 100);
  sendJson(response, {
    items: day.slice(from, until),
    nextCursor: until < day.length ? String(until) : null,
  });
}

function sendFile(folders: readonly string[], url: URL, response: ServerResponse): void {
  const names = [url.pathname, 'index.html'];
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, path.normalize(name));
      if (!existsSync(file) || !statSync(file).isFile()) continue;
      response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
      createReadStream(file).pipe(response);
      return;
    }
  }
  response.statusCode = 404;
  response.end();
}

/** A viewer that has identified. Positions are written to the socket below: one write for all of a tick. */
interface Viewer {
  readonly socket: WebSocket;
  readonly below: Duplex;
}

/** Sends positions in even portions, 20 a second, to everybody who has identified. */
function createFeed(fleet: Fleet) {
  const viewers = new Set<Viewer>();
  let perSecond = 0;
  let owed = 0;
  const tick = setInterval(() => {
    owed += perSecond / TICKS_PER_S;
    const count = Math.floor(owed);
    owed -= count;
    if (count === 0) return;
    const frames = fleet
      .next(count, Date.now())
      .map((text) => textFrame(encodeLocationUpdate(text)));
    for (const { below } of viewers) below.write(Buffer.concat(frames));
  }, TICK_MS);
  let watchedId: number | null = null;
  const heartbeat = setInterval(() => {
    for (const { below } of viewers) {
      below.write(textFrame(encodePing()));
      if (watchedId === null) continue;
      below.write(textFrame(encodeLocationUpdate(fleet.report(watchedId, Date.now()))));
    }
  }, 1_000);
  return {
    join(viewer: Viewer): void {
      const { socket, below } = viewer;
      socket.once('message', () => {
        const cache = `${CACHE_START}${fleet.all(Date.now()).join(',')}${CACHE_END}`;
        below.write(textFrame(encodeIdentificationResponse({ success: true, ...SESSION })));
        below.write(textFrame(cache));
        viewers.add(viewer);
      });
      socket.on('close', () => viewers.delete(viewer));
    },
    setRate: (next: number) => (perSecond = next),
    setWatched: (trackerId: number | null) => (watchedId = trackerId),
    stop(): void {
      clearInterval(tick);
      clearInterval(heartbeat);
      for (const { socket } of viewers) socket.terminate();
    },
  };
}

/** Serves the files of `folders`, the first that has one wins. */
export async function startBenchServer(
  fleet: Fleet,
  folders: readonly string[],
): Promise<BenchServer> {
  const feed = createFeed(fleet);
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/')) answerApi(url, fleet, response);
    else sendFile(folders, url, response);
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, below, head) => {
    sockets.handleUpgrade(request, below, head, (socket) => feed.join({ socket, below }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // a TCP server has an address object
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    setRate: feed.setRate,
    setWatched: feed.setWatched,
    async stop() {
      feed.stop();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
