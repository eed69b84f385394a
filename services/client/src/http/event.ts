/** Crossings of fences by trackers the caller sees. */
import {
  DEFAULT_PAGE_LIMIT,
  EventPageSchema,
  EventQuerySchema,
  toEventReply,
} from '@followme/contracts';
import { trustedId, type FenceId, type TrackerId } from '@followme/model';
import { listEvents } from '@followme/store';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { parsePeriod } from './period.ts';
import { defineRoute, type Route } from './route.ts';
import { seesTracker, viewOf } from './visibility.ts';

/** The routes of this file. */
export function eventRoutes({ clock }: Pick<HttpDeps, 'clock'>): readonly Route[] {
  const list = defineRoute({
    method: 'GET',
    url: '/api/events',
    access: 'signedIn',
    summary: 'Crossings, those known last first; without `from` those of the 24 hours before `to`',
    tag: 'events',
    query: EventQuerySchema,
    reply: EventPageSchema,
    async handle({ caller, query }) {
      const period = parsePeriod(query, clock.nowMs());
      if (!period.ok) return refuse(period.error);
      const { limit = DEFAULT_PAGE_LIMIT, trackerId, fenceId, cursor } = query;
      return caller.inTenant(async (tenant) => {
        const view = await viewOf(tenant, caller);
        if (trackerId !== undefined && !seesTracker(view, trustedId<TrackerId>(trackerId))) {
          return refuse('TRACKER_NOT_FOUND');
        }
        const page = await listEvents(tenant, {
          ...period.value,
          limit,
          visible: view.trackers,
          ...(trackerId === undefined ? {} : { trackerId: trustedId<TrackerId>(trackerId) }),
          ...(fenceId === undefined ? {} : { fenceId: trustedId<FenceId>(fenceId) }),
          ...given({ cursor }),
        });
        if (!page.ok) return refuse('CURSOR_INVALID');
        const items = page.value.items.map(toEventReply);
        return answer({ items, nextCursor: page.value.nextCursor });
      });
    },
  });
  return [list];
}
