/** A way to a server on a port of its own, for tests that break it, still it or lead it elsewhere. */
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  /** Both ends of every connection there is. */
  readonly sockets: ReadonlySet<Socket>;
  /** Breaks all connections at the near end; the far one is told nothing. */
  breakNear(): void;
  /** Breaks all connections. */
  breakAll(): void;
  close(): Promise<void>;
}

/**
 * Opens a way to where `target` says when a connection begins; `pass` makes what comes from one of its ends go to
 * the other.
 */
export async function startRelay(
  target: () => { readonly host: string; readonly port: number },
  pass: (from: Socket, to: Socket) => void,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const nearEnds = new Set<Socket>();
  const server = createServer((near) => {
    nearEnds.add(near);
    const far = connect(target());
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
      pass(from, to);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    sockets,
    breakNear() {
      for (const near of nearEnds) near.removeAllListeners('close').destroy();
      nearEnds.clear();
    },
    breakAll,
    async close() {
      breakAll();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
