import { browserClock } from '../browser/clock.ts';
import type { LiveClient } from './live-context.ts';
import { createLiveStore, type LiveStore } from './live-store.ts';
import { keepWorker, type LiveWorker, type WorkerKeeper } from './worker-keeper.ts';

interface StartLiveOptions {
  /** Names are ordered as in this language. */
  readonly locale: string;
  /** The session has ended on the server: nothing can be shown any more. */
  readonly onLoggedOut: () => void;
}

function createWorker(): LiveWorker {
  return new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
}

/** Starts the worker of a session and connects. It ends with `client.stop()`. */
export function startLive({ locale, onLoggedOut }: StartLiveOptions): {
  readonly store: LiveStore;
  readonly client: LiveClient;
} {
  const store: LiveStore = createLiveStore((command) => keeper.send(command));
  const keeper: WorkerKeeper = keepWorker({
    clock: browserClock,
    createWorker,
    receive(message) {
      if (message.type === 'loggedOut') onLoggedOut();
      else store.receive(message);
    },
    reload: () => location.reload(),
  });
  keeper.send({ type: 'start', locale });
  return { store, client: { retryNow: keeper.retryNow, stop: keeper.stop } };
}
