import { createServer } from 'node:net';

/** What the operating system means when it refuses a port. */
const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
  EACCES: 'this user may not use ports below 1024',
};

/** Why the port cannot be bound, in words, or null when it can. */
export function whyNoPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(WHY[error.code ?? ''] ?? error.message),
    );
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
}
