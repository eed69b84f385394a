import { err, ok, type Result } from './result.ts';

/**
 * Identities are positive 32-bit integers given out by the store and never used again. They are branded
 * so that a tracker's id cannot stand where a tenant's belongs; only the `parse…` functions make them.
 */
declare const brand: unique symbol;
type Id<Name extends string> = number & { readonly [brand]: Name };

/** A customer of the installation. */
export type TenantId = Id<'TenantId'>;
/** What is followed: a person, a vehicle, a thing. */
export type TrackerId = Id<'TrackerId'>;
/** A set of trackers that people may be allowed to see. */
export type GroupId = Id<'GroupId'>;
/** A place with an edge. */
export type FenceId = Id<'FenceId'>;
/** A person who can log in. */
export type UserId = Id<'UserId'>;
/** What is worth an alert. */
export type RuleId = Id<'RuleId'>;
/** A card people answer. */
export type AlertId = Id<'AlertId'>;
/** An address outside that is called. */
export type WebhookId = Id<'WebhookId'>;
/** The unit of order and ownership: 0 … lanes − 1. */
export type Lane = Id<'Lane'>;
/** Place of a record in a lane of the log: strictly increasing, not necessarily without gaps. */
export type LogSequence = Id<'LogSequence'>;

/** Why a value is no identity: carries what was got. */
export interface IdError {
  readonly code: 'NOT_AN_ID';
  readonly got: unknown;
}

const MAX_ID = 2 ** 31 - 1;

function parseId<T extends number>(value: unknown): Result<T, IdError> {
  const number = typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > MAX_ID) {
    return err({ code: 'NOT_AN_ID', got: value });
  }
  return ok(number as T); // the one place where the brand is given
}

/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseTenantId = (value: unknown): Result<TenantId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseTrackerId = (value: unknown): Result<TrackerId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseGroupId = (value: unknown): Result<GroupId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseFenceId = (value: unknown): Result<FenceId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseUserId = (value: unknown): Result<UserId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseRuleId = (value: unknown): Result<RuleId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseAlertId = (value: unknown): Result<AlertId, IdError> => parseId(value);
/** Accepts 1 … 2³¹−1 as a number or as its decimal text. */
export const parseWebhookId = (value: unknown): Result<WebhookId, IdError> => parseId(value);

/**
 * Gives the brand to an id that comes from a trusted place: a row of our own database or of our own log.
 * Never used on input of people, devices or the network: those go through `parse…`.
 */
export function trustedId<T extends number>(value: number): T {
  return value as T;
}
