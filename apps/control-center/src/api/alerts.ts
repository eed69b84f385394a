/** Alerts over HTTP: what needs attention, what happened to one, and what people do with it. */
import type { AlertDetail, AlertPage, AlertReply } from '@followme/contracts';
import { fetchAll, requestJson } from './client.ts';

/** More than these are not in one queue. */
const MAX_UNCLOSED = 2000;
const CLOSED_PER_PAGE = 50;

/** Alerts that are not closed; `cut` when there are more than one queue holds. @throws ApiError */
export function fetchUnclosedAlerts(
  signal: AbortSignal,
): Promise<{ readonly items: readonly AlertReply[]; readonly cut: boolean }> {
  return fetchAll('/api/alerts', { state: 'unclosed' }, { maxItems: MAX_UNCLOSED, signal });
}

/** One page of closed alerts, newest first; `cursor` null is the first. @throws ApiError */
export function fetchClosedAlerts(cursor: string | null, signal: AbortSignal): Promise<AlertPage> {
  const query = new URLSearchParams({ state: 'closed', limit: String(CLOSED_PER_PAGE) });
  if (cursor !== null) query.set('cursor', cursor);
  return requestJson(`/api/alerts?${query}`, { signal });
}

/** One alert with its history and what it sent. @throws ApiError ALERT_NOT_FOUND */
export function fetchAlert(alertId: number, signal: AbortSignal): Promise<AlertDetail> {
  return requestJson(`/api/alerts/${alertId}`, { signal });
}

/** What is done with a card without saying more than a comment. */
export type AlertDeed = 'acknowledge' | 'close' | 'reopen';

/** @throws ApiError ALERT_STATE when somebody was first, ALERT_NOT_FOUND */
export function actOnAlert(
  alertId: number,
  deed: AlertDeed,
  comment?: string,
): Promise<AlertReply> {
  const body = comment === undefined ? {} : { comment };
  return requestJson(`/api/alerts/${alertId}/${deed}`, { method: 'POST', body });
}

/** Gives it to somebody, or to nobody. @throws ApiError USER_NOT_FOUND, ALERT_STATE */
export function assignAlert(alertId: number, userId: number | null): Promise<AlertReply> {
  return requestJson(`/api/alerts/${alertId}/assign`, { method: 'POST', body: { userId } });
}

/** @throws ApiError ALERT_NOT_FOUND */
export function commentOnAlert(alertId: number, comment: string): Promise<AlertReply> {
  return requestJson(`/api/alerts/${alertId}/comment`, { method: 'POST', body: { comment } });
}
