/** Alerts and deliveries of the store as they are told over HTTP and sockets. */
import type { AlertReply, DeliveryReply } from '@followme/contracts';
import type { Alert, AlertDeed, AlertEntryRow, Delivery } from '@followme/store';

const timeOf = (timeMs: number): string => new Date(timeMs).toISOString();
const timeOrNull = (timeMs: number | null): string | null =>
  timeMs === null ? null : timeOf(timeMs);
const deedOf = (deed: AlertDeed | null) => deed && { time: timeOf(deed.timeMs), by: deed.by };

/** A card, the same over HTTP and over the socket. */
export function toAlertReply(alert: Alert): AlertReply {
  const { escalates } = alert;
  return {
    id: alert.alertId,
    revision: alert.revision,
    state: alert.state,
    severity: alert.severity,
    kind: alert.kind,
    trackerId: alert.trackerId,
    trackerName: alert.trackerName,
    fenceId: alert.fenceId,
    fenceName: alert.fenceName,
    transition: alert.transition,
    alarm: alert.alarm,
    ruleId: alert.ruleId,
    ruleName: alert.ruleName,
    occurrences: alert.occurrences,
    firstTime: timeOf(alert.firstTimeMs),
    lastTime: timeOf(alert.lastTimeMs),
    raisedTime: timeOf(alert.raisedTimeMs),
    lastRaisedTime: timeOf(alert.lastRaisedTimeMs),
    lon: alert.lon,
    lat: alert.lat,
    acknowledged: deedOf(alert.acknowledged),
    assigned: alert.assigned,
    closed: deedOf(alert.closed),
    escalates: escalates && { time: timeOf(escalates.timeMs), to: [...escalates.to] },
  };
}

/** What happened to a card. */
export function toAlertEntry({ timeMs, ...entry }: AlertEntryRow) {
  return { time: timeOf(timeMs), ...entry };
}

/** One message to one receiver. */
export function toDeliveryReply(delivery: Delivery): DeliveryReply {
  return {
    id: delivery.deliveryId,
    alertId: delivery.alertId,
    ruleId: delivery.ruleId,
    purpose: delivery.purpose,
    channel: delivery.channel,
    receiver: delivery.receiver,
    address: delivery.address,
    subject: delivery.subject,
    state: delivery.state,
    attempts: delivery.attempts,
    createdTime: timeOf(delivery.createdTimeMs),
    nextAttemptTime: timeOrNull(delivery.nextAttemptTimeMs),
    settledTime: timeOrNull(delivery.settledTimeMs),
    detail: delivery.detail,
  };
}
