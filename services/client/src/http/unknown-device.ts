/** Devices that called and belong to nobody. */
import {
  DEFAULT_PAGE_LIMIT,
  MAX_PAGE_LIMIT,
  PageQuerySchema,
  UnknownDevicePageSchema,
} from '@followme/contracts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { defineRoute, type Route } from './route.ts';

/** The routes of this file. */
export function unknownDeviceRoutes({ provider }: Pick<HttpDeps, 'provider'>): readonly Route[] {
  const list = defineRoute({
    method: 'GET',
    url: '/api/unknown-devices',
    access: 'provider',
    summary: `Devices nobody has registered, heard last first; the newest ${MAX_PAGE_LIMIT} at most`,
    tag: 'devices',
    query: PageQuerySchema,
    reply: UnknownDevicePageSchema,
    async handle({ query }) {
      // the list moves under the reader, so there is one page of what is newest
      if (query.cursor !== undefined) return refuse('CURSOR_INVALID');
      const devices = await provider.listUnknownDevices(query.limit ?? DEFAULT_PAGE_LIMIT);
      const items = devices.map(({ protocol, identifier, frames, firstSeenMs, lastSeenMs }) => ({
        protocol,
        identifier,
        firstSeenTime: new Date(firstSeenMs).toISOString(),
        lastSeenTime: new Date(lastSeenMs).toISOString(),
        frames,
      }));
      return answer({ items, nextCursor: null });
    },
  });
  return [list];
}
