/** Where a tracker was. */
import {
  DEFAULT_PAGE_LIMIT,
  PositionPageSchema,
  PositionQuerySchema,
  TrackerParamsSchema,
  type PositionReply,
} from '@followme/contracts';
import { trustedId, type Position, type TrackerId } from '@followme/model';
import { getTracker, trail } from '@followme/store';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { parsePeriod } from './period.ts';
import { defineRoute, type Route } from './route.ts';
import { seesTracker, viewOf } from './visibility.ts';

function toReply(position: Position): PositionReply {
  return {
    fixTime: new Date(position.fixTimeMs).toISOString(),
    receivedTime: new Date(position.receivedTimeMs).toISOString(),
    lat: position.lat,
    lon: position.lon,
    valid: position.valid,
    timeSuspect: position.timeSuspect,
    speedMps: position.speedMps,
    headingDeg: position.headingDeg,
    altitudeM: position.altitudeM,
    accuracyM: position.accuracyM,
    batteryPct: position.batteryPct,
    charging: position.charging,
    satellitesInUse: position.satellitesInUse,
    alarm: position.alarm,
    eventCode: position.eventCode,
    attributes: position.attributes,
  };
}

/** The routes of this file. */
export function positionRoutes({ clock }: Pick<HttpDeps, 'clock'>): readonly Route[] {
  const list = defineRoute({
    method: 'GET',
    url: '/api/trackers/:trackerId/positions',
    access: 'signedIn',
    summary:
      'Where a tracker was, oldest first, also after it was deleted; without `from` the 24 hours before `to`',
    tag: 'trackers',
    params: TrackerParamsSchema,
    query: PositionQuerySchema,
    reply: PositionPageSchema,
    async handle({ caller, params, query }) {
      const period = parsePeriod(query, clock.nowMs());
      if (!period.ok) return refuse(period.error);
      const trackerId = trustedId<TrackerId>(params.trackerId);
      return caller.inTenant(async (tenant) => {
        const isSeen = seesTracker(await viewOf(tenant, caller), trackerId);
        // a retired tracker keeps its history, so it need not be in service
        if (!isSeen || (await getTracker(tenant, trackerId)) === null) {
          return refuse('TRACKER_NOT_FOUND');
        }
        const { limit = DEFAULT_PAGE_LIMIT, cursor } = query;
        const page = await trail(tenant, {
          trackerId,
          limit,
          ...period.value,
          ...given({ cursor }),
        });
        if (!page.ok) return refuse('CURSOR_INVALID');
        return answer({ items: page.value.items.map(toReply), nextCursor: page.value.nextCursor });
      });
    },
  });
  return [list];
}
