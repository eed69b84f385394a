/**
 * Every error a caller can meet, in one table: the code is the contract, the rest is what we say with it.
 * HTTP answers carry it as RFC 9457 `application/problem+json`, sockets as a bare `code`. The table is
 * documented in `docs/errors.md`; a test keeps the two equal.
 */

/** What the table says about one code. */
export interface ErrorEntry {
  /** HTTP status; for codes that only sockets use, the close code of RFC 6455. */
  readonly status: number;
  /** Whether the same request may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** One sentence for people that is the same for each occurrence. */
  readonly title: string;
}

/** The table. Codes are never renamed and never used again for something else. */
export const ERRORS = {
  MALFORMED_JSON: { status: 400, retryable: false, title: 'The body is not JSON' },
  VALIDATION_FAILED: {
    status: 400,
    retryable: false,
    title: 'The request does not fit its schema',
  },
  CURSOR_INVALID: { status: 400, retryable: false, title: 'The cursor is not one of ours' },
  PERIOD_INVALID: {
    status: 400,
    retryable: false,
    title: 'The period ends before it begins or is not a time',
  },
  BAD_REQUEST: { status: 400, retryable: false, title: 'The request cannot be understood' },
  LOGIN_FAILED: {
    status: 401,
    retryable: false,
    title: 'The email address and password do not fit together',
  },
  NOT_SIGNED_IN: {
    status: 401,
    retryable: false,
    title: 'A session is needed: it is missing, unknown, closed or expired',
  },
  ACCESS_DENIED: {
    status: 403,
    retryable: false,
    title: 'The role of this session does not allow it',
  },
  CSRF_REFUSED: {
    status: 403,
    retryable: false,
    title: 'A change with a cookie needs the header X-Followme or an Origin of this site',
  },
  TENANT_NOT_FOUND: {
    status: 404,
    retryable: false,
    title: 'No customer answers at this host name',
  },
  ROUTE_NOT_FOUND: { status: 404, retryable: false, title: 'There is nothing at this address' },
  TRACKER_NOT_FOUND: {
    status: 404,
    retryable: false,
    title: 'There is no such tracker, or this session may not see it',
  },
  GROUP_NOT_FOUND: {
    status: 404,
    retryable: false,
    title: 'There is no such group, or this session may not see it',
  },
  USER_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such user' },
  RULE_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such rule' },
  ALERT_NOT_FOUND: {
    status: 404,
    retryable: false,
    title: 'There is no such alert, or this session may not see it',
  },
  DELIVERY_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such delivery' },
  WEBHOOK_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such webhook' },
  IMPORT_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such import' },
  FENCE_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such fence' },
  REQUEST_TIMEOUT: {
    status: 408,
    retryable: true,
    title: 'The request did not arrive in time',
  },
  DEVICE_TAKEN: {
    status: 409,
    retryable: false,
    title: 'Another tracker already has a device with this protocol and identifier',
  },
  GROUP_NAME_TAKEN: {
    status: 409,
    retryable: false,
    title: 'Another group has this name',
  },
  FENCE_CHANGED: {
    status: 409,
    retryable: false,
    title: 'Somebody else changed this fence meanwhile',
  },
  RULE_CHANGED: {
    status: 409,
    retryable: false,
    title: 'Somebody else changed this rule meanwhile',
  },
  SETTINGS_CHANGED: {
    status: 409,
    retryable: false,
    title: 'Somebody else changed the settings meanwhile',
  },
  ALERT_STATE: {
    status: 409,
    retryable: false,
    title: 'The alert is not in a state in which this can be done',
  },
  DELIVERY_STATE: {
    status: 409,
    retryable: false,
    title: 'Only a message that was given up can be sent again',
  },
  IMPORT_STATE: {
    status: 409,
    retryable: false,
    title: 'The import is not in a state in which this can be done',
  },
  EMAIL_TAKEN: { status: 409, retryable: false, title: 'Another person has this address' },
  LAST_ADMINISTRATOR: {
    status: 409,
    retryable: false,
    title: 'Somebody must remain who may change everything',
  },
  TRACKER_NOT_CONNECTED: {
    status: 409,
    retryable: true,
    title: 'No connection of this tracker is open anywhere, or none answered in time',
  },
  TRACKER_NOT_READING: {
    status: 409,
    retryable: true,
    title: 'The device does not read what is sent to it',
  },
  COMMAND_UNSUPPORTED: {
    status: 409,
    retryable: false,
    title: 'Devices of this kind do not take that command',
  },
  MAIL_NOT_CONFIGURED: {
    status: 409,
    retryable: false,
    title: 'This installation has no mail server',
  },
  BODY_TOO_LARGE: { status: 413, retryable: false, title: 'The body is larger than allowed' },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    retryable: false,
    title: 'The body must be application/json',
  },
  FENCE_INVALID: {
    status: 422,
    retryable: false,
    title: 'The geometry cannot be a fence; reason and place say why',
  },
  WEBHOOK_URL_REFUSED: {
    status: 422,
    retryable: false,
    title: 'This address may not be called; the reason says why',
  },
  IMAGE_INVALID: {
    status: 422,
    retryable: false,
    title: 'The image must be PNG, JPEG or WebP of at most 256 kB',
  },
  ASSIGNEE_CANNOT_SEE: {
    status: 422,
    retryable: false,
    title: 'This person does not see the tracker of the alert',
  },
  PASSWORD_WRONG: { status: 422, retryable: false, title: 'The current password is another one' },
  MAP_FILE_UNKNOWN: {
    status: 422,
    retryable: false,
    title: 'There is no such file in the folder of maps',
  },
  DEVICE_PROTOCOL_UNKNOWN: {
    status: 422,
    retryable: false,
    title: 'This installation does not speak that device protocol',
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    retryable: true,
    title: 'Too many failed attempts; wait before the next one',
  },
  TOO_MANY_COMMANDS: {
    status: 429,
    retryable: true,
    title: 'Too many commands for this tracker or this customer; wait before the next one',
  },
  INTERNAL: { status: 500, retryable: true, title: 'Something went wrong on our side' },
  NOT_READY: { status: 503, retryable: true, title: 'The service is not ready' },
  STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'The database does not answer at the moment',
  },
  OVERLOADED: {
    status: 503,
    retryable: true,
    title: 'Too many ask at the moment; wait before the next attempt',
  },
  TENANT_CONNECTIONS: {
    status: 1013,
    retryable: true,
    title: 'This customer holds as many sockets of this process as it may',
  },
  TOO_MANY_CONNECTIONS: {
    status: 503,
    retryable: true,
    title: 'This process holds as many connections as it may',
  },
  MESSAGE_INVALID: {
    status: 1008,
    retryable: false,
    title: 'The socket message is not one this protocol knows',
  },
  MESSAGE_RATE: { status: 1008, retryable: true, title: 'Too many socket messages per second' },
  IDENTIFICATION_TIMEOUT: {
    status: 1008,
    retryable: true,
    title: 'The socket did not identify itself in time',
  },
  SESSION_ENDED: {
    status: 1008,
    retryable: false,
    title: 'The session of this socket was closed or expired',
  },
  SLOW_READER: {
    status: 1013,
    retryable: true,
    title: 'The socket did not read what was sent to it',
  },
  SERVICE_STOPPING: {
    status: 1001,
    retryable: true,
    title: 'This process is stopping; connect again',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS;

/** Whether a text is a code of the table. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** The identity of a kind of problem as RFC 9457 wants it: a URI that stays the same wherever we run. */
export function problemType(code: ErrorCode): string {
  return `urn:followme:error:${code}`;
}
