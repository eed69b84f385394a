/** Why a log on NATS cannot be opened, in the port's words: one sentence that says what to do. */
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { LogOpenError } from '../port.ts';
import { describeAddress, type JetStreamAddress } from './address.ts';

/** What went wrong while connecting to `server`. */
export function connectError(
  address: JetStreamAddress,
  server: string,
  cause: unknown,
): LogOpenError {
  const at = `the NATS server ${server}`;
  const refused = (code: 'UNREACHABLE' | 'NOT_ALLOWED', sentence: string): LogOpenError =>
    new LogOpenError(code, sentence, { cause });
  if (
    cause instanceof errors.AuthorizationError ||
    cause instanceof errors.UserAuthenticationExpiredError
  ) {
    return refused(
      'NOT_ALLOWED',
      `The login for ${at} is wrong or missing: check it in the address of the log.`,
    );
  }
  const said = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof errors.TimeoutError || /unexpected response|timeout/i.test(said)) {
    return refused(
      'UNREACHABLE',
      `Nothing that speaks NATS answers at ${server}: check the address of the log.`,
    );
  }
  if (/certificate|self.signed|tls|ssl|alert/i.test(said)) {
    return refused(
      'NOT_ALLOWED',
      `The TLS connection to ${at} failed (${said}): check the address and ca, cert and key.`,
    );
  }
  return refused(
    'UNREACHABLE',
    `Cannot reach ${at} (${said}): check ${describeAddress(address)} and that it runs.`,
  );
}

/** JetStream's codes for limits and rights of an account or a server. */
const NOT_ENABLED = [10_076, 10_039];
const NO_RESOURCES = [10_002, 10_023, 10_026, 10_027, 10_028, 10_047];
const NO_PEERS = [10_005, 10_074];
/** Another stream has the subjects, or this one exists with other settings. */
const OVERLAPS = [10_065, 10_058];

/** What went wrong while asking JetStream for the log's streams. */
export function jetStreamError(address: JetStreamAddress, cause: unknown): LogOpenError {
  if (cause instanceof LogOpenError) return cause;
  const at = describeAddress(address);
  const refused = (
    code: 'UNREACHABLE' | 'NOT_ALLOWED' | 'ENGINE_UNFIT' | 'SETTINGS_DIFFER',
    sentence: string,
  ) => new LogOpenError(code, sentence, { cause });
  if (cause instanceof errors.PermissionViolationError) {
    return refused(
      'NOT_ALLOWED',
      `The login may not use ${cause.subject} on ${at}: give it the rights of the log.`,
    );
  }
  const said = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof JetStreamApiError)) {
    return refused(
      'UNREACHABLE',
      `JetStream at ${at} does not answer (${said}): check that a majority of its servers runs.`,
    );
  }
  if (NOT_ENABLED.includes(cause.code)) {
    return refused(
      'ENGINE_UNFIT',
      `JetStream is not enabled for this login at ${at}: enable it for the account.`,
    );
  }
  if (NO_PEERS.includes(cause.code)) {
    return refused(
      'ENGINE_UNFIT',
      `The servers at ${at} cannot hold that many replicas (${said}): start the missing ones or set replicas=1.`,
    );
  }
  if (NO_RESOURCES.includes(cause.code)) {
    return refused(
      'ENGINE_UNFIT',
      `JetStream at ${at} has no room for the log (${said}): raise its limits.`,
    );
  }
  if (OVERLAPS.includes(cause.code)) {
    return refused(
      'SETTINGS_DIFFER',
      `Another stream at ${at} is in the way (${said}): give this log another name.`,
    );
  }
  return refused('ENGINE_UNFIT', `JetStream at ${at} refuses the log's streams (${said}).`);
}
