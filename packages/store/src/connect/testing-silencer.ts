/** A way to a server that a test can make silent: connections stay open, and nothing comes through. */
import { startRelay } from './testing-relay.ts';

export interface Silencer {
  /** The server's address by way of the silencer. */
  readonly url: string;
  /** From here on nothing comes through on the connections there are. */
  silence(): void;
  /** The connections there are break, and the server is not told. */
  breakHere(): void;
  /** New connections are served again; those there were stay silent. */
  speak(): void;
  close(): Promise<void>;
}

/** Opens a way to `target` on a port of its own. */
export async function createSilencer(target: URL): Promise<Silencer> {
  let isSilent = false;
  const relay = await startRelay(
    () => ({ host: target.hostname, port: Number(target.port) }),
    (from, to) => {
      if (!isSilent) from.on('data', (bytes) => to.write(bytes));
    },
  );
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(relay.port);
  return {
    url: url.href,
    silence() {
      isSilent = true;
      for (const socket of relay.sockets) socket.removeAllListeners('data').pause();
    },
    breakHere: () => relay.breakNear(),
    speak() {
      isSilent = false;
    },
    close: () => relay.close(),
  };
}
