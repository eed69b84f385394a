/** A viewer as programs write one: a WebSocket that remembers what it was told. */
import { waitUntil } from '@followme/testkit';
import { WebSocket, type RawData } from 'ws';

const WAIT_MS = 10_000;

/** A message of the socket protocol, told apart by `header`. */
interface SocketMessage {
  readonly header: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Viewer {
  readonly messages: readonly SocketMessage[];
  readonly isOpen: boolean;
  close(): void;
}

/** Opens a socket and identifies with a key. @throws Error when that is refused or takes too long. */
export async function openViewer(url: string, sessionKey: string): Promise<Viewer> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
  const messages: SocketMessage[] = [];
  // the contract of our own socket
  socket.on('message', (data) => messages.push(JSON.parse(textOf(data)) as SocketMessage));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // a process that is killed resets its sockets
  socket.on('error', () => undefined);
  socket.send(JSON.stringify({ sessionKey }));
  await waitUntil(() => messages.some(({ header }) => header === 'cache'), WAIT_MS, 'the cache');
  return {
    messages,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    close: () => socket.terminate(),
  };
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
}
