/**
 * Calls a webhook: one POST, signed, never further than the address that was written down. The status line
 * decides; of the answer's body nothing is read.
 */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkWebhookUrl, type Clock } from '@followme/platform';
import { detailOf, type Attempt } from './attempt.ts';
import { createGuardedLookup, PRIVATE_ADDRESS, type ResolveAll } from './guarded-lookup.ts';
import { webhookHeaders } from './sign-webhook.ts';

/** Longest from the first look at the name to the status line, ms. */
export const CALL_LIMIT_MS = 10_000;
/** Largest head of an answer, bytes. */
const MAX_HEAD_BYTES = 16_384;

/** A call to make. */
interface WebhookCall {
  readonly deliveryId: string;
  readonly url: string;
  readonly secret: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface WebhookSenderDeps {
  readonly clock: Clock;
  /** Receivers in private networks may be called: for installations that stand beside them. */
  readonly allowPrivate: boolean;
  readonly userAgent: string;
  /** How names are resolved; `node:dns` when left out. */
  readonly resolve?: ResolveAll;
}

/** Makes calls. Never rejects: what went wrong is in the attempt. */
export type SendWebhook = (call: WebhookCall, signal: AbortSignal) => Promise<Attempt>;

/** A sender. */
export function createWebhookSender(deps: WebhookSenderDeps): SendWebhook {
  const { clock, allowPrivate } = deps;
  const guarded = allowPrivate ? {} : { lookup: createGuardedLookup(deps.resolve) };
  return async (call, signal) => {
    const refusal = checkWebhookUrl(call.url, { allowPrivate });
    if (refusal !== null) return { outcome: 'refused', detail: REFUSALS[refusal] };
    const body = JSON.stringify(call.payload);
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': deps.userAgent,
      ...webhookHeaders({ ...call, body, nowMs: clock.nowMs() }),
    };
    const options = {
      method: 'POST',
      headers,
      agent: false,
      maxHeaderSize: MAX_HEAD_BYTES,
    } as const;
    return post(clock, { url: call.url, body, options: { ...options, ...guarded } }, signal);
  };
}

const REFUSALS = {
  malformed: 'the address cannot be read',
  notHttp: 'the address is neither http nor https',
  credentials: 'the address carries a password',
  privateAddress: 'the address is not public',
} as const;

interface Post {
  readonly url: string;
  readonly body: string;
  readonly options: RequestOptions;
}

function post(clock: Clock, { url, body, options }: Post, signal: AbortSignal): Promise<Attempt> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(url, options);
    const end = (attempt: Attempt): void => {
      cancel();
      signal.removeEventListener('abort', abort);
      resolve(attempt);
      request.destroy();
    };
    const abort = (): void => end({ outcome: 'failed', detail: 'the service stopped' });
    const cancel = clock.after(CALL_LIMIT_MS, () =>
      end({ outcome: 'failed', detail: `no answer within ${CALL_LIMIT_MS / 1_000} s` }),
    );
    signal.addEventListener('abort', abort, { once: true });
    request.on('error', (error) => end(attemptOfError(error)));
    request.on('response', (response) => end(attemptOfResponse(response)));
    request.end(body);
  });
}

function attemptOfError(error: NodeJS.ErrnoException): Attempt {
  if (error.code === PRIVATE_ADDRESS) {
    return { outcome: 'refused', detail: 'the name leads to an address that is not public' };
  }
  return { outcome: 'failed', detail: detailOf(error.code ?? error.message) };
}

function attemptOfResponse({ statusCode = 0, headers }: IncomingMessage): Attempt {
  const status = `status ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', detail: status };
  if (statusCode >= 300 && statusCode < 400) {
    const target = `it redirects to ${originOf(headers.location)}, redirects are not followed`;
    return { outcome: 'failed', detail: detailOf(`${status}: ${target}`) };
  }
  // Gone: the receiver says itself that it never wants this again
  return { outcome: statusCode === 410 ? 'refused' : 'failed', detail: status };
}

/** Where a redirect leads, without the part that may hold secrets. */
function originOf(location: string | undefined): string {
  if (location === undefined) return 'nowhere';
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}
