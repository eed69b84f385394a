/** TLS in front of a server that has none, the way PostgreSQL does it: asked for, answered `S`, then the handshake. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { TestCertificate } from './testing-certificate.ts';

/** `SSLRequest` (PostgreSQL's protocol, message formats). */
const SSL_REQUEST = 80_877_103;

export interface TlsFront {
  readonly port: number;
  /** Connections that came encrypted. */
  readonly encrypted: () => number;
  close(): Promise<void>;
}

/** Opens a port that leads to `target` and takes encrypted connections only. */
export async function startTlsFront(target: URL, certificate: TestCertificate): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  let encrypted = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const request: unknown = socket.read(8);
      if (!Buffer.isBuffer(request) || request.readInt32BE(4) !== SSL_REQUEST) {
        socket.destroy();
        return;
      }
      socket.write('S');
      const secure = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ ...certificate }),
      });
      const far = connect({ host: target.hostname, port: Number(target.port) });
      // the encrypted end owns the connection: only closing that closes it
      sockets.add(secure).add(far);
      for (const [from, to] of [
        [secure, far],
        [far, secure],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
      secure.once('secure', () => {
        encrypted += 1;
      });
    });
  });
  const port = await listen(server);
  return {
    port,
    encrypted: () => encrypted,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  return address.port;
}
