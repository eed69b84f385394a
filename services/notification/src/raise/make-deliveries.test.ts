import { trustedId, type AlertId, type UserId, type WebhookId } from '@followme/model';
import type { NewDelivery, Rule } from '@followme/store';
import { describe, expect, test } from 'vitest';
import { crossingOf, NOON, ruleOf, sosOf, TENANT, TRACKER } from '../testing/sample.ts';
import { makeDeliveries, receiversOf, uuidOf, type Directory } from './make-deliveries.ts';
import { keyOf, type Occurrence } from './occurrence.ts';
import { raise } from './raise.ts';

const ALERT = trustedId<AlertId>(55);
const OLGA = trustedId<UserId>(1);
const PIET = trustedId<UserId>(2);
const HOOK = trustedId<WebhookId>(9);

const directory: Directory = {
  people: new Map([
    [OLGA, { tenantId: TENANT, userId: OLGA, email: 'olga@x.example' }],
    [PIET, { tenantId: TENANT, userId: PIET, email: 'piet@x.example' }],
  ]),
  webhooks: new Map([
    [HOOK, { tenantId: TENANT, webhookId: HOOK, url: 'https://hooks.example/in' }],
  ]),
  voices: new Map([[TENANT, { tenantId: TENANT, name: 'Brand', language: 'en' }]]),
  trackerNames: new Map([[TRACKER, 'Guard 1']]),
  publicUrl: 'https://track.example',
};

const rule = ruleOf({
  recipientIds: [OLGA, PIET],
  webhookIds: [HOOK],
  escalation: { afterS: 60, toIds: [PIET] },
});

function deliveriesOf(
  occurrences: readonly Occurrence[],
  { by = rule, to = directory }: { by?: Rule; to?: Directory } = {},
): readonly NewDelivery[] {
  const matches = occurrences.map((occurrence) => ({
    occurrence,
    rule: by,
    key: keyOf(by.ruleId, occurrence),
  }));
  return raise(matches, [], NOON).cards.flatMap((card) => makeDeliveries(card, ALERT, to));
}

test('NT16 one message per channel and receiver, those of the escalation later and while it is open', () => {
  const made = deliveriesOf([sosOf()]);
  const seen = made.map((d) => [d.purpose, d.channel, d.address, d.notBeforeMs, d.whileOpen]);
  expect(seen).toEqual([
    ['alert', 'email', 'olga@x.example', NOON, false],
    ['alert', 'email', 'piet@x.example', NOON, false],
    ['alert', 'webhook', 'https://hooks.example/in', NOON, false],
    ['escalation', 'email', 'piet@x.example', NOON + 60_000, true],
  ]);
  expect(new Set(made.map((d) => d.deliveryId)).size).toBe(4);
  expect(made.every((d) => d.alertId === ALERT && d.tenantId === TENANT)).toBe(true);
});

test('NT16 the id follows from the occurrence: made again it is the same, of another it is another', () => {
  const ids = (occurrence: Occurrence) => deliveriesOf([occurrence]).map((d) => d.deliveryId);
  expect(ids(sosOf())).toEqual(ids(sosOf()));
  const other = ids(sosOf({ timeMs: NOON + 1 }));
  expect(ids(sosOf()).filter((id) => other.includes(id))).toEqual([]);
});

test('NT16 each of two occurrences of one transaction says what was so when it happened', () => {
  const calls = deliveriesOf([sosOf(), sosOf({ timeMs: NOON + 5_000 })]).filter(
    ({ channel }) => channel === 'webhook',
  );
  expect(calls.map(({ content }) => content.payload)).toMatchObject([
    {
      type: 'followme.alert.raised',
      data: { occurrences: 1, lastTime: '2026-06-01T12:00:00.000Z' },
    },
    {
      type: 'followme.alert.repeated',
      data: { occurrences: 2, lastTime: '2026-06-01T12:00:05.000Z' },
    },
  ]);
});

test('whoever is not there, or another tenant’s, is passed over', () => {
  const elsewhere = trustedId<typeof TENANT>(2);
  const to: Directory = {
    ...directory,
    people: new Map([[OLGA, { tenantId: elsewhere, userId: OLGA, email: 'olga@y.example' }]]),
    webhooks: new Map([[HOOK, { tenantId: elsewhere, webhookId: HOOK, url: 'https://y.example' }]]),
  };
  expect(deliveriesOf([sosOf()], { to })).toEqual([]);
});

test('everybody a rule names is looked up once', () => {
  const { cards } = raise([{ occurrence: sosOf(), rule, key: 'k' }], [], NOON);
  expect(receiversOf(cards)).toEqual({ userIds: [OLGA, PIET], webhookIds: [HOOK] });
});

test('an id is a UUID of version 8', () => {
  expect(uuidOf('a')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(uuidOf('a')).not.toBe(uuidOf('b'));
});

describe('NT22 a mail says', () => {
  const mail = (occurrence: Occurrence, fields: Partial<Directory> = {}) =>
    deliveriesOf([occurrence], { to: { ...directory, ...fields } })[0]?.content;

  test('who, what, when, where and the way to it', () => {
    expect(mail(crossingOf('enter'))).toEqual({
      subject: 'Guard 1 entered Depot',
      payload: null,
      text: [
        'Guard 1 entered Depot',
        '',
        'When: 1 Jun 2026, 12:00:00 UTC',
        'Where: 52.10000, 5.10000',
        'https://track.example/?tracker=7',
        'Rule: Rule',
        '',
        'Answer it: https://track.example/alerts/55',
        '',
        'You get this message because a rule names you.',
        '',
      ].join('\n'),
    });
  });

  test('no link while the installation does not know its address, no place that is not known', () => {
    const text = mail(sosOf({ lon: null, lat: null }), { publicUrl: null })?.text ?? '';
    expect(text).toContain('Where: not known');
    expect(text).not.toContain('http');
  });

  test('it in the language of the tenant', () => {
    const voices = new Map([[TENANT, { tenantId: TENANT, name: 'Merk', language: 'nl' as const }]]);
    expect(mail(crossingOf('exit'), { voices })?.subject).toBe('Guard 1 heeft Depot verlaten');
    expect(mail(sosOf(), { voices })?.text).toContain('Wanneer: 1 jun 2026, 12:00:00 UTC');
  });

  test('that nobody has answered, when it is an escalation', () => {
    const escalation = deliveriesOf([sosOf()]).find(({ purpose }) => purpose === 'escalation');
    expect(escalation?.content.subject).toBe('Not answered yet: SOS: Guard 1');
    expect(escalation?.content.text).toContain('nobody has answered');
  });

  test('since when a tracker is silent', () => {
    const occurrence = sosOf({ cause: { kind: 'silent', ruleId: rule.ruleId } });
    expect(mail(occurrence)?.subject).toBe('Guard 1 is silent since 1 Jun 2026, 12:00:00 UTC');
  });
});

test('NT23 the body of a call has the fields of CloudEvents', () => {
  const [call] = deliveriesOf([crossingOf('enter')], { by: { ...rule, recipientIds: [] } });
  expect(call?.content.payload).toEqual({
    specversion: '1.0',
    id: call?.deliveryId,
    source: 'https://track.example',
    type: 'followme.alert.raised',
    subject: 'alert/55',
    time: '2026-06-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: {
      alertId: 55,
      severity: 'critical',
      state: 'open',
      kind: 'fence',
      tracker: { id: 7, name: 'Guard 1' },
      rule: { id: 1, name: 'Rule' },
      fence: { id: 3, name: 'Depot' },
      transition: 'enter',
      alarm: null,
      occurrences: 1,
      firstTime: '2026-06-01T12:00:00.000Z',
      lastTime: '2026-06-01T12:00:00.000Z',
      lon: 5.1,
      lat: 52.1,
      url: 'https://track.example/alerts/55',
    },
  });
});
