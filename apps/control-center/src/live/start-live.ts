import type { LiveCommand, LiveMessage } from './live-protocol.ts';
import type { LiveClient } from './live-context.ts';
import { createLiveStore, type LiveStore } from './live-store.ts';

interface StartLiveOptions {
  /** Names are ordered as in this language. */
  readonly locale: string;
  /** The session has ended on the server: nothing can be shown any more. */
  readonly onLoggedOut: () => void;
}

/** Starts the worker of a session and connects. It ends with `client.stop()`. */
export function startLive({ locale, onLoggedOut }: StartLiveOptions): {
  readonly store: LiveStore;
  readonly client: LiveClient;
} {
  const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
  const send = (command: LiveCommand): void => worker.postMessage(command, []);
  const store = createLiveStore(send);
  worker.onmessage = ({ data }: MessageEvent<LiveMessage>) => {
    if (data.type === 'loggedOut') onLoggedOut();
    else store.receive(data);
  };
  send({ type: 'start', locale });
  return {
    store,
    client: {
      retryNow: () => send({ type: 'retryNow' }),
      stop() {
        worker.onmessage = null;
        // the socket is closed by the browser with its worker
        worker.terminate();
      },
    },
  };
}
