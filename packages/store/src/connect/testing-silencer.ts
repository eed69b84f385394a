/** A way to a server that a test can make silent: connections stay open, and nothing comes through. */
import { connect, createServer, type Socket } from 'node:net';

export interface Silencer {
  /** The server's address by way of the silencer. */
  readonly url: string;
  /** From here on nothing comes through on the connections there are. */
  silence(): void;
  /** New connections are served again; those there were stay silent. */
  speak(): void;
  close(): Promise<void>;
}

/** Opens a way to `target` on a port of its own. */
export async function createSilencer(target: URL): Promise<Silencer> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port) });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (!isSilent) from.on('data', (bytes) => to.write(bytes));
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.removeAllListeners('data').pause();
    },
    speak() {
      isSilent = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
