/** Problems as fastify sends them, and fastify's own errors as our problems. */
import {
  ERRORS,
  PATTERN_WORDS,
  toProblem,
  type ErrorCode,
  type ProblemDetails,
} from '@followme/contracts';
import { isRetryableFailure, StoreError } from '@followme/store';
import type { FastifyError, FastifyReply } from 'fastify';
import { OverloadedError } from '../admission.ts';

const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
};

/** Sends a problem. */
export function sendProblem(
  reply: FastifyReply,
  code: ErrorCode,
  details: ProblemDetails = {},
): FastifyReply {
  if (details.retryAfterS !== undefined) reply.header('retry-after', details.retryAfterS);
  return reply
    .code(ERRORS[code].status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(code, details)));
}

interface ValidationEntry {
  readonly keyword?: string;
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The place and words of the first thing that does not fit: the most specific one is told. */
function describeValidation(error: FastifyError): ProblemDetails {
  const entries: readonly ValidationEntry[] = error.validation ?? [];
  const context = error.validationContext ?? 'request';
  const unknown = entries.find(({ keyword }) => keyword === 'additionalProperties');
  const [field] = (unknown?.params?.['additionalProperties'] as string[] | undefined) ?? [];
  if (unknown !== undefined && field !== undefined) {
    return {
      path: `/${context}${unknown.instancePath ?? ''}/${field}`,
      detail: `${field} is not a field of this request`,
    };
  }
  const first = entries[0];
  const place = first?.instancePath ?? '';
  const words = first === undefined ? error.message : wordsOf(first);
  return { path: `/${context}${place}`, detail: `${place.slice(1)} ${words}`.trim() };
}

/** What is wrong, after the name of the field; nobody is shown a regular expression. */
function wordsOf({ keyword, params, message }: ValidationEntry): string {
  if (keyword === 'pattern') {
    return PATTERN_WORDS[String(params?.['pattern'])] ?? 'does not have the form it must have';
  }
  return message ?? 'does not fit its schema';
}

/** The problem an error of fastify, of the store or of our own code becomes. */
export function problemOfError(error: FastifyError): {
  readonly code: ErrorCode;
  readonly details: ProblemDetails;
} {
  if (error.validation !== undefined) {
    return { code: 'VALIDATION_FAILED', details: describeValidation(error) };
  }
  const known = FRAMEWORK_CODES[error.code];
  if (known !== undefined) return { code: known, details: {} };
  if (error instanceof SyntaxError && error.statusCode === 400) {
    return { code: 'MALFORMED_JSON', details: {} };
  }
  if (error instanceof OverloadedError) return { code: 'OVERLOADED', details: { retryAfterS: 1 } };
  if (isRetryableFailure(error) || error instanceof StoreError) {
    return { code: 'STORE_UNAVAILABLE', details: { retryAfterS: 1 } };
  }
  const { statusCode = 500 } = error;
  return { code: statusCode >= 400 && statusCode < 500 ? 'BAD_REQUEST' : 'INTERNAL', details: {} };
}
