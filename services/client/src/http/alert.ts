/** Alerts about trackers the caller sees, and what operators do with them. */
import {
  AlertActionBodySchema,
  AlertDetailSchema,
  AlertPageSchema,
  AlertParamsSchema,
  AlertQuerySchema,
  AlertSchema,
  AssignAlertBodySchema,
  CommentAlertBodySchema,
  DEFAULT_PAGE_LIMIT,
  type AlertReply,
} from '@followme/contracts';
import { trustedId, type AlertId, type TrackerId } from '@followme/model';
import {
  actOnAlert,
  getAlert,
  listAlertEntries,
  listAlerts,
  listColleagues,
  listDeliveries,
  type Alert,
  type AlertAction,
  type TenantScope,
  type VisibleTrackers,
} from '@followme/store';
import { toAlertEntry, toAlertReply, toDeliveryReply } from '../alert-reply.ts';
import { announceAlerts } from './announce.ts';
import { answer, refuse, type Answer } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { handlesAlerts } from './gate.ts';
import { given } from './given.ts';
import { defineRoute, type Caller, type Route } from './route.ts';
import { seesTracker, viewOf } from './visibility.ts';

type AlertDeps = Pick<HttpDeps, 'log' | 'clock'>;

const TAG = 'alerts';
/** Deliveries told with a card, the newest; `/api/deliveries?alertId=` has the others. */
const MOST_DELIVERIES = 200;

/** The routes of this file. */
export function alertRoutes(deps: AlertDeps): readonly Route[] {
  return [
    listRoute(),
    getRoute(),
    acknowledgeRoute(deps),
    closeRoute(deps),
    reopenRoute(deps),
    assignRoute(deps),
    commentRoute(deps),
  ];
}

const toAlertId = (id: number): AlertId => trustedId<AlertId>(id);

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/alerts',
    access: 'signedIn',
    summary: 'Alerts about trackers this session sees, newest first',
    tag: TAG,
    query: AlertQuerySchema,
    reply: AlertPageSchema,
    handle: ({ caller, query }) =>
      caller.inTenant(async (tenant) => {
        const view = await viewOf(tenant, caller);
        const { limit = DEFAULT_PAGE_LIMIT, trackerId: asked, ...rest } = query;
        const trackerId = asked === undefined ? undefined : trustedId<TrackerId>(asked);
        if (trackerId !== undefined && !seesTracker(view, trackerId)) {
          return refuse('TRACKER_NOT_FOUND');
        }
        const page = await listAlerts(tenant, {
          ...given({ ...rest, trackerId }),
          visible: view.trackers,
          limit,
        });
        if (!page.ok) return refuse('CURSOR_INVALID');
        return answer({
          items: page.value.items.map(toAlertReply),
          nextCursor: page.value.nextCursor,
        });
      }),
  });
}

/** What was sent because of a card, oldest first. */
async function deliveriesOf(tenant: TenantScope, alertId: AlertId) {
  const page = await listDeliveries(tenant, { alertId, limit: MOST_DELIVERIES });
  // without a cursor there is none that could be wrong
  return page.ok ? page.value.items.map(toDeliveryReply).toReversed() : [];
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/alerts/:alertId',
    access: 'signedIn',
    summary: 'One alert, what happened to it, and to operators and administrators what it sent',
    tag: TAG,
    params: AlertParamsSchema,
    reply: AlertDetailSchema,
    handle: ({ caller, params }) =>
      caller.inTenant(async (tenant) => {
        const { trackers } = await viewOf(tenant, caller);
        const alert = await getAlert(tenant, toAlertId(params.alertId), trackers);
        if (alert === null) return refuse('ALERT_NOT_FOUND');
        const mayKnowDeliveries = handlesAlerts(caller.session.role);
        return answer({
          alert: toAlertReply(alert),
          entries: (await listAlertEntries(tenant, alert.alertId)).map(toAlertEntry),
          deliveries: mayKnowDeliveries ? await deliveriesOf(tenant, alert.alertId) : [],
        });
      }),
  });
}

/** Somebody's deed: what, with which card, and whether it has been done already by the same person. */
interface Deed {
  readonly alertId: AlertId;
  readonly action: AlertAction;
  /** True when the card is as this person wants it by their own doing: a repeat of a lost answer. */
  isDone(alert: Alert, caller: Caller): boolean;
}

/** Does it within one transaction; a repeat by the same person is a success that writes nothing. */
async function act(
  tenant: TenantScope,
  caller: Caller,
  doing: { readonly deed: Deed; readonly nowMs: number; readonly visible: VisibleTrackers },
): Promise<Answer<AlertReply>> {
  const { deed, nowMs, visible } = doing;
  const { alertId, action } = deed;
  const before = await getAlert(tenant, alertId, visible);
  if (before === null) return refuse('ALERT_NOT_FOUND');
  if (deed.isDone(before, caller)) return answer(toAlertReply(before));
  const { userId } = caller.session;
  const done = await actOnAlert(tenant, { alertId, userId, nowMs, visible, action });
  if (done.ok) return answer(toAlertReply(done.value));
  switch (done.error.code) {
    case 'ALERT_NOT_FOUND':
      return refuse('ALERT_NOT_FOUND');
    case 'USER_NOT_FOUND':
    case 'ASSIGNEE_CANNOT_SEE':
      return refuse(done.error.code, { path: '/body/userId' });
    case 'ALERT_STATE': {
      // another request of the same person may have been quicker
      const now = await getAlert(tenant, alertId, visible);
      if (now !== null && deed.isDone(now, caller)) return answer(toAlertReply(now));
      return refuse('ALERT_STATE', { detail: `The alert is ${done.error.state}` });
    }
  }
}

/** Does it and tells those who watch. */
async function perform(
  { log, clock }: AlertDeps,
  caller: Caller,
  deed: Deed,
): Promise<Answer<AlertReply>> {
  const outcome = await caller.inTenant(async (tenant) => {
    const { trackers: visible } = await viewOf(tenant, caller);
    return act(tenant, caller, { deed, nowMs: clock.nowMs(), visible });
  });
  if (outcome.kind === 'ok') announceAlerts(log, caller.session.tenantId);
  return outcome;
}

const never = (): boolean => false;

function acknowledgeRoute(deps: AlertDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/alerts/:alertId/acknowledge',
    access: 'operator',
    summary: 'Says that somebody deals with it; ends its escalation',
    tag: TAG,
    params: AlertParamsSchema,
    body: AlertActionBodySchema,
    reply: AlertSchema,
    handle: ({ caller, params, body }) =>
      perform(deps, caller, {
        alertId: toAlertId(params.alertId),
        action: { kind: 'acknowledge', ...given(body) },
        isDone: ({ state, acknowledged }, { session }) =>
          state === 'acknowledged' && acknowledged?.by?.id === session.userId,
      }),
  });
}

function closeRoute(deps: AlertDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/alerts/:alertId/close',
    access: 'operator',
    summary: 'Closes it: the next occurrence is a new alert',
    tag: TAG,
    params: AlertParamsSchema,
    body: AlertActionBodySchema,
    reply: AlertSchema,
    handle: ({ caller, params, body }) =>
      perform(deps, caller, {
        alertId: toAlertId(params.alertId),
        action: { kind: 'close', ...given(body) },
        isDone: ({ state, closed }, { session }) =>
          state === 'closed' && closed?.by?.id === session.userId,
      }),
  });
}

function reopenRoute(deps: AlertDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/alerts/:alertId/reopen',
    access: 'operator',
    summary: 'Makes an answered or closed one need attention again',
    tag: TAG,
    params: AlertParamsSchema,
    body: AlertActionBodySchema,
    reply: AlertSchema,
    handle: ({ caller, params, body }) =>
      perform(deps, caller, {
        alertId: toAlertId(params.alertId),
        action: { kind: 'reopen', ...given(body) },
        isDone: never,
      }),
  });
}

function assignRoute(deps: AlertDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/alerts/:alertId/assign',
    access: 'operator',
    summary: 'Gives it to a colleague who sees its tracker, or to nobody',
    tag: TAG,
    params: AlertParamsSchema,
    body: AssignAlertBodySchema,
    reply: AlertSchema,
    async handle({ caller, params, body: { userId: to } }) {
      const colleague =
        to === null
          ? null
          : (await caller.inTenant((tenant) => listColleagues(tenant))).find(
              ({ userId }) => userId === to,
            );
      if (colleague === undefined) return refuse('USER_NOT_FOUND', { path: '/body/userId' });
      return perform(deps, caller, {
        alertId: toAlertId(params.alertId),
        action: { kind: 'assign', toUserId: colleague?.userId ?? null },
        isDone: ({ assigned, state }) =>
          state !== 'closed' && (assigned?.id ?? null) === (colleague?.userId ?? null),
      });
    },
  });
}

function commentRoute(deps: AlertDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/alerts/:alertId/comment',
    access: 'operator',
    summary: 'Writes something down with it',
    tag: TAG,
    params: AlertParamsSchema,
    body: CommentAlertBodySchema,
    reply: AlertSchema,
    handle: ({ caller, params, body }) =>
      perform(deps, caller, {
        alertId: toAlertId(params.alertId),
        action: { kind: 'comment', comment: body.comment },
        isDone: never,
      }),
  });
}
