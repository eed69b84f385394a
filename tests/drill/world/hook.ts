/** A webhook receiver that notes which messages arrived how often. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Hook {
  readonly url: string;
  /** Arrivals by message id. */
  readonly arrivals: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startHook(): Promise<Hook> {
  const arrivals = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is of this form
  return {
    url: `http://127.0.0.1:${port}/in`,
    arrivals,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
