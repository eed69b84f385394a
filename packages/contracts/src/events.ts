/** The record of the `events` stream: one crossing as JSON, fields as in the model. */
import type { FenceEvent } from '@followme/model';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { IdSchema, LatSchema, LonSchema } from './http/common.ts';
import { EventSchema, type EventReply } from './http/event.ts';

const { eventId, kind, reason, fenceName, initial, eventSeq, fencesVersion } =
  EventSchema.properties;

/** What a record of the `events` stream holds; readers ignore fields they do not know. */
export const FenceEventRecordSchema = Type.Object({
  eventId,
  tenantId: IdSchema,
  trackerId: IdSchema,
  fenceId: IdSchema,
  fenceName,
  fencesVersion,
  kind,
  reason,
  eventSeq,
  initial,
  fixTimeMs: Type.Number(),
  receivedTimeMs: Type.Number(),
  lon: LonSchema,
  lat: LatSchema,
});

const record = Compile(FenceEventRecordSchema);

/** Reads a record of the `events` stream; null when it is not one (damaged, or of a newer release). */
export function parseFenceEventRecord(payload: Uint8Array): FenceEvent | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    // the schema has the fields of FenceEvent; only the brands of the ids are added here
    return record.Check(value) ? (value as unknown as FenceEvent) : null;
  } catch {
    return null;
  }
}

/** A crossing as HTTP and sockets tell it; the tenant is known from the session. */
export function toEventReply(event: FenceEvent): EventReply {
  return {
    eventId: event.eventId,
    kind: event.kind,
    reason: event.reason,
    trackerId: event.trackerId,
    fenceId: event.fenceId,
    fenceName: event.fenceName,
    fixTime: new Date(event.fixTimeMs).toISOString(),
    receivedTime: new Date(event.receivedTimeMs).toISOString(),
    lat: event.lat,
    lon: event.lon,
    initial: event.initial,
    eventSeq: event.eventSeq,
    fencesVersion: event.fencesVersion,
  };
}
