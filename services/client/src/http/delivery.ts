/** What was sent, to whom, and what became of it. */
import {
  DEFAULT_PAGE_LIMIT,
  DeliveryDetailSchema,
  DeliveryPageSchema,
  DeliveryParamsSchema,
  DeliveryQuerySchema,
  DeliverySchema,
} from '@followme/contracts';
import { trustedId, type AlertId } from '@followme/model';
import { getDelivery, listDeliveries, retryDelivery } from '@followme/store';
import { toDeliveryReply } from '../alert-reply.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { defineRoute, type Route } from './route.ts';
import { viewOf } from './visibility.ts';

const TAG = 'deliveries';

/** The routes of this file. */
export function deliveryRoutes(deps: Pick<HttpDeps, 'clock'>): readonly Route[] {
  return [listRoute(), getRoute(), retryRoute(deps)];
}

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/deliveries',
    access: 'operator',
    summary: 'Messages sent because of alerts this session sees, newest first',
    tag: TAG,
    query: DeliveryQuerySchema,
    reply: DeliveryPageSchema,
    handle: ({ caller, query }) =>
      caller.inTenant(async (tenant) => {
        const { trackers: visible } = await viewOf(tenant, caller);
        const { limit = DEFAULT_PAGE_LIMIT, alertId: asked, ...rest } = query;
        const alertId = asked === undefined ? undefined : trustedId<AlertId>(asked);
        const page = await listDeliveries(tenant, {
          ...given({ ...rest, alertId }),
          visible,
          limit,
        });
        if (!page.ok) return refuse('CURSOR_INVALID');
        const items = page.value.items.map(toDeliveryReply);
        return answer({ items, nextCursor: page.value.nextCursor });
      }),
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/deliveries/:deliveryId',
    access: 'operator',
    summary: 'One message with every attempt to deliver it, oldest first',
    tag: TAG,
    params: DeliveryParamsSchema,
    reply: DeliveryDetailSchema,
    handle: ({ caller, params }) =>
      caller.inTenant(async (tenant) => {
        const { trackers: visible } = await viewOf(tenant, caller);
        const found = await getDelivery(tenant, params.deliveryId, visible);
        if (found === null) return refuse('DELIVERY_NOT_FOUND');
        const attempts = found.attempts.map(({ timeMs, ...attempt }) => ({
          time: new Date(timeMs).toISOString(),
          ...attempt,
        }));
        return answer({ delivery: toDeliveryReply(found.delivery), attempts });
      }),
  });
}

function retryRoute({ clock }: Pick<HttpDeps, 'clock'>): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/deliveries/:deliveryId/retry',
    access: 'administrator',
    summary: 'Sends a message that was given up once more, under the same id',
    tag: TAG,
    params: DeliveryParamsSchema,
    reply: DeliverySchema,
    async handle({ caller, params }) {
      const retried = await caller.inTenant((tenant) =>
        retryDelivery(tenant, params.deliveryId, clock.nowMs()),
      );
      if (retried.ok) return answer(toDeliveryReply(retried.value));
      const { error } = retried;
      return error.code === 'DELIVERY_STATE'
        ? refuse(error.code, { detail: `The message is ${error.state}` })
        : refuse(error.code);
    },
  });
}
