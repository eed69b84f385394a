/** A viewer as programs write one: a WebSocket that remembers what it was told. */
import type { AlertReply, LocationData, ServerMessage } from '@followme/contracts';
import { waitUntil } from '@followme/testkit';
import { WebSocket, type RawData } from 'ws';

const WAIT_MS = 10_000;

export interface SocketClient {
  readonly socket: WebSocket;
  readonly messages: readonly ServerMessage[];
  /** Resolves when `count` messages of this header have come; answers them all. */
  waitFor<H extends ServerMessage['header']>(
    header: H,
    count?: number,
  ): Promise<readonly Extract<ServerMessage, { header: H }>[]>;
  /** Resolves with the newest update of a tracker that satisfies `fits`. */
  waitForUpdate(fits: (data: LocationData) => boolean): Promise<LocationData>;
  /** Resolves with the newest alert that satisfies `fits`. */
  waitForAlert(fits: (alert: AlertReply) => boolean): Promise<AlertReply>;
  send(message: unknown): void;
  /** Close code and reason. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
}

/** Opens a socket at the service's address; rejects when it is refused. */
export async function openSocket(url: string, path = '/socket'): Promise<SocketClient> {
  const socket = new WebSocket(url.replace('http', 'ws') + path);
  const messages: ServerMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(textOf(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const having = <H extends ServerMessage['header']>(header: H) =>
    messages.filter((m): m is Extract<ServerMessage, { header: H }> => m.header === header);
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    waitFor: (header, count = 1) =>
      waitUntil(
        () => (having(header).length >= count ? having(header) : null),
        WAIT_MS,
        `${count} × ${header}`,
      ),
    waitForUpdate: (fits) =>
      waitUntil(
        () => having('locationUpdate').findLast(({ data }) => fits(data))?.data,
        WAIT_MS,
        'the update',
      ),
    waitForAlert: (fits) =>
      waitUntil(
        () => having('alert').findLast(({ data }) => fits(data))?.data,
        WAIT_MS,
        'the alert',
      ),
    close: () => socket.close(),
  };
}

/** Opens a socket and identifies with a key. */
export async function openViewer(url: string, key: string): Promise<SocketClient> {
  const client = await openSocket(url);
  client.send({ sessionKey: key });
  await client.waitFor('identificationResponse');
  return client;
}
