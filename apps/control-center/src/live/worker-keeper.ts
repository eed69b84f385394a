/**
 * Starts the live worker and starts it again, with growing waits, while its script cannot be loaded. Nothing is lost by
 * that: what the page asked so far is asked again. A worker that breaks later has lost what it knew: the page is
 * told, and loading it again is left to a person.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { reconnectDelayMs } from './backoff.ts';
import type { LiveCommand, LiveMessage } from './live-protocol.ts';

/** What of a `Worker` is used. */
export interface LiveWorker {
  postMessage(command: LiveCommand, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<LiveMessage>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

interface KeeperDeps {
  readonly clock: BrowserClock;
  readonly createWorker: () => LiveWorker;
  readonly receive: (message: LiveMessage) => void;
  /** Loads the page again. */
  readonly reload: () => void;
}

/** The worker as the page sees it. */
export interface WorkerKeeper {
  send(command: LiveCommand): void;
  /** Does not wait for the next try; loads the page again when only that helps. */
  retryNow(): void;
  stop(): void;
}

const tellConnection = (kind: 'connecting' | 'failed'): LiveMessage => ({
  type: 'connection',
  connection: { kind },
  connections: 0,
});

/** The newest command of each kind, in the order they were asked: all a worker needs that has said nothing yet. */
function createMemory() {
  const asked = new Map<LiveCommand['type'], LiveCommand>();
  return {
    all: () => [...asked.values()],
    keep(command: LiveCommand): void {
      asked.delete(command.type);
      if (command.type === 'closeMap') asked.delete('openMap');
      asked.set(command.type, command);
    },
    forget: () => asked.clear(),
  };
}

/** Starts at once; ends with `stop`. */
export function keepWorker({ clock, createWorker, receive, reload }: KeeperDeps): WorkerKeeper {
  const memory = createMemory();
  let worker: LiveWorker | null = null;
  let hasBegun = false;
  let failures = 0;
  let cancelWait: CancelTimer = () => undefined;

  function end(): void {
    cancelWait();
    if (worker === null) return;
    worker.onmessage = null;
    worker.onerror = null;
    worker.onmessageerror = null;
    // the socket is closed by the browser with its worker
    worker.terminate();
    worker = null;
  }

  function fail(): void {
    end();
    failures += 1;
    receive(tellConnection('failed'));
    if (!hasBegun) cancelWait = clock.after(reconnectDelayMs(failures, clock.random()), start);
  }

  function start(): void {
    end();
    const next = createWorker();
    worker = next;
    next.onmessage = ({ data }) => {
      if (!hasBegun && failures > 0) receive(tellConnection('connecting'));
      hasBegun = true;
      memory.forget();
      receive(data);
    };
    next.onerror = fail;
    next.onmessageerror = fail;
    for (const command of memory.all()) next.postMessage(command, []);
  }

  start();
  return {
    send(command) {
      if (!hasBegun) memory.keep(command);
      worker?.postMessage(command, []);
    },
    retryNow() {
      if (worker !== null) worker.postMessage({ type: 'retryNow' }, []);
      else if (hasBegun) reload();
      else start();
    },
    stop: end,
  };
}
