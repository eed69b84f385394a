import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Where a request came from, as a trusted proxy says, else as the connection says. */
export function clientAddressOf(request: FastifyRequest): string {
  // a proxy may hand on what is no address; such text must not become the name of anybody
  return isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip;
}
