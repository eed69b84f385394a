/** The messages of raised cards: one per occurrence that tells, channel and receiver. Pure. */
import { createHash } from 'node:crypto';
import type { AlertId, TrackerId, UserId, WebhookId } from '@followme/model';
import type {
  MailReceiver,
  NewDelivery,
  RaisedAlert,
  TenantVoice,
  WebhookReceiver,
} from '@followme/store';
import { callAbout, mailAbout, type AlertFacts, type Telling } from '../render/alert-message.ts';
import type { MessageOrder, RaisedCard } from './raise.ts';

/** Who can be told, and how tenants speak. */
export interface Directory {
  readonly people: ReadonlyMap<UserId, MailReceiver>;
  readonly webhooks: ReadonlyMap<WebhookId, WebhookReceiver>;
  readonly voices: ReadonlyMap<number, TenantVoice>;
  readonly trackerNames: ReadonlyMap<TrackerId, string>;
  readonly publicUrl: string | null;
}

/** Everybody a card's orders name, whether they exist or not. */
export function receiversOf(cards: readonly RaisedCard[]): {
  readonly userIds: readonly UserId[];
  readonly webhookIds: readonly WebhookId[];
} {
  const rules = cards.flatMap(({ orders }) =>
    orders.flatMap(({ match: { rule } }) => (rule === null ? [] : [rule])),
  );
  return {
    userIds: [
      ...new Set(rules.flatMap((r) => [...r.recipientIds, ...(r.escalation?.toIds ?? [])])),
    ],
    webhookIds: [...new Set(rules.flatMap((rule) => rule.webhookIds))],
  };
}

/**
 * A UUID that follows from a text: version 8 of RFC 9562 over SHA-256. The same occurrence makes the same id, so
 * a message that is made again, whatever happened in between, is one the receiver knows.
 */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const ends = [8, 12, 16, 20, 32];
  return ends.map((end, part) => hex.slice(part === 0 ? 0 : ends[part - 1], end)).join('-');
}

/** The messages of one card. */
export function makeDeliveries(
  { orders }: RaisedCard,
  alertId: AlertId,
  directory: Directory,
): readonly NewDelivery[] {
  return orders.flatMap((order) => deliveriesOf(order, { card: order.card, alertId, directory }));
}

interface Context {
  readonly card: RaisedAlert;
  readonly alertId: AlertId;
  readonly directory: Directory;
}

function deliveriesOf(order: MessageOrder, context: Context): readonly NewDelivery[] {
  const { rule } = order.match;
  if (rule === null) return [];
  const told = order.tells
    ? [
        ...rule.recipientIds.flatMap((id) => mailTo(id, 'alert', { order, context })),
        ...rule.webhookIds.flatMap((id) => callTo(id, { order, context })),
      ]
    : [];
  if (order.escalatesMs === null) return told;
  const escalated = (rule.escalation?.toIds ?? []).flatMap((id) =>
    mailTo(id, 'escalation', { order, context }),
  );
  return [...told, ...escalated];
}

interface Message {
  readonly order: MessageOrder;
  readonly context: Context;
}

function mailTo(
  userId: UserId,
  purpose: 'alert' | 'escalation',
  { order, context }: Message,
): readonly NewDelivery[] {
  const { directory, card } = context;
  const person = directory.people.get(userId);
  // who is not there, or another tenant's, is passed over
  if (person?.tenantId !== card.tenantId) return [];
  const base = baseOf({ order, context }, `${purpose}:email:${userId}`);
  const content = mailAbout(factsOf({ order, context }, purpose), tellingOf(context));
  const isEscalation = purpose === 'escalation';
  return [
    {
      ...base,
      purpose,
      channel: 'email',
      userId,
      webhookId: null,
      address: person.email,
      content,
      notBeforeMs: isEscalation ? (order.escalatesMs ?? base.createdMs) : base.createdMs,
      whileOpen: isEscalation,
    },
  ];
}

function callTo(webhookId: WebhookId, { order, context }: Message): readonly NewDelivery[] {
  const { directory, card } = context;
  const webhook = directory.webhooks.get(webhookId);
  if (webhook?.tenantId !== card.tenantId) return [];
  const base = baseOf({ order, context }, `alert:webhook:${webhookId}`);
  const facts = factsOf({ order, context }, 'alert');
  return [
    {
      ...base,
      purpose: 'alert',
      channel: 'webhook',
      userId: null,
      webhookId,
      address: webhook.url,
      content: callAbout(facts, base.deliveryId, tellingOf(context)),
      notBeforeMs: base.createdMs,
      whileOpen: false,
    },
  ];
}

function baseOf({ order, context }: Message, receiver: string) {
  const { card, alertId } = context;
  const { match } = order;
  const dedupeKey = `${match.key}:${match.occurrence.timeMs}:${receiver}`;
  return {
    deliveryId: uuidOf(`${card.tenantId}/${dedupeKey}`),
    tenantId: card.tenantId,
    dedupeKey,
    alertId,
    ruleId: match.rule?.ruleId ?? null,
    critical: card.severity === 'critical',
    createdMs: card.lastRaisedMs,
  };
}

function factsOf({ order, context }: Message, purpose: AlertFacts['purpose']): AlertFacts {
  const { card, alertId, directory } = context;
  return {
    alertId,
    card,
    trackerName: directory.trackerNames.get(card.trackerId) ?? `#${card.trackerId}`,
    kind: order.kind,
    purpose,
    nowMs: card.lastRaisedMs,
  };
}

function tellingOf({ card, directory }: Context): Telling {
  return {
    language: directory.voices.get(card.tenantId)?.language ?? 'en',
    publicUrl: directory.publicUrl,
  };
}
