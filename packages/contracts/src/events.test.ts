import { trustedId, type FenceEvent } from '@followme/model';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { parseFenceEventRecord, toEventReply } from './events.ts';
import { EventSchema } from './http/event.ts';

const event: FenceEvent = {
  eventId: '2f7b4f9c-6c3c-5b43-9d1e-0f7a43b0f0aa',
  tenantId: trustedId(1),
  trackerId: trustedId(2),
  fenceId: trustedId(3),
  fenceName: 'Yard',
  fencesVersion: 4,
  kind: 'exit',
  reason: 'fenceUpdated',
  eventSeq: 5,
  initial: false,
  fixTimeMs: 1_767_225_600_000,
  receivedTimeMs: 1_767_225_601_000,
  lon: 4.75,
  lat: 52.3,
};
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

describe('records of the events stream', () => {
  test('an event written as JSON is read back', () => {
    expect(parseFenceEventRecord(bytes(event))).toEqual(event);
  });

  test('fields of a newer release do not hinder an older reader', () => {
    expect(parseFenceEventRecord(bytes({ ...event, zone: 'x' }))).toMatchObject({ eventSeq: 5 });
  });

  test.each([
    ['no JSON', Buffer.from('{')],
    ['a kind we do not know', bytes({ ...event, kind: 'dwell' })],
    ['an event without a tenant', bytes({ ...event, tenantId: undefined })],
  ])('%s is no event', (_, payload) => {
    expect(parseFenceEventRecord(payload)).toBeNull();
  });

  test('what callers are told fits its schema and leaves the tenant out', () => {
    const reply = toEventReply(event);
    expect(Compile(EventSchema).Errors(reply)).toEqual([]);
    expect(reply).not.toHaveProperty('tenantId');
    expect(reply.fixTime).toBe('2026-01-01T00:00:00.000Z');
  });
});
