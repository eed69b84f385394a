/** The worker of a session: the socket, its watchdog and the state of every tracker, off the page's own thread. */
import { fetchSocketKey } from '../api/client.ts';
import { workerClock } from '../browser/worker-clock.ts';
import { createLiveFeed } from './live-feed.ts';
import type { LiveCommand, LiveMessage } from './live-protocol.ts';
import { createSocketClient } from './socket-client.ts';

/** What a worker of its own has; the types of the page do not know it. */
interface WorkerScope {
  postMessage(message: LiveMessage, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<LiveCommand>) => void) | null;
}

// this file runs in a worker only
const scope = self as unknown as WorkerScope;

function post(message: LiveMessage): void {
  // the buffers move over: they are made anew for every message
  const buffers =
    message.type === 'batch' ? [message.rows.buffer, message.rowIds?.buffer ?? null] : [];
  scope.postMessage(
    message,
    buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

function openSocket(): WebSocket {
  const url = new URL('/socket', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url);
}

const clock = workerClock;
const feed = createLiveFeed({ clock, post });
const client = createSocketClient({
  clock,
  feed,
  fetchSocketKey,
  openSocket,
  onLoggedOut: () => post({ type: 'loggedOut' }),
});

scope.onmessage = ({ data: command }) => {
  feed.command(command);
  if (command.type === 'start') client.start();
  else if (command.type === 'retryNow') client.retryNow();
  else if (command.type === 'stop') {
    client.stop();
    feed.stop();
  }
};
