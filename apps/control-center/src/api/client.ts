/** Talks to the server: one function per request, every one with a time limit, every failure of one type. */
import { type Crossing, parseCrossing } from '../live/socket-frames.ts';
import type { SocketKey } from '../live/socket-client.ts';
import type {
  PositionReply,
  Problem,
  SessionReply,
  SocketKeyReply,
  TrackerReply,
} from '@followme/contracts';

/** Why a request failed: `status` 0 means that no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What the server says of it; null when it said nothing that can be read. */
  readonly problem: Problem | null;
  constructor(status: number, what: string, problem: Problem | null = null, cause?: unknown) {
    super(`${what} failed with status ${status}`, { cause });
    this.status = status;
    this.problem = problem;
  }
  /** The code of the table of errors, or null. */
  get code(): string | null {
    return this.problem?.code ?? null;
  }
}

const REQUEST_LIMIT_MS = 15_000;
/** The most that the server gives at once. */
const PAGE_SIZE = 1000;

/** What a request is beside its path. */
export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer; 15 s unless told. */
  readonly limitMs?: number;
}

/**
 * Sends one request with a time limit.
 * @throws ApiError for every answer that is no success, and for none.
 */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', body, signal, limitMs = REQUEST_LIMIT_MS } = options;
  const limit = AbortSignal.timeout(limitMs);
  const headers: Record<string, string> = { accept: 'application/json' };
  // proves to the server that a script of this page, not a form elsewhere, sends the request
  if (method !== 'GET') headers['x-followme'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  const what = `${method} ${path}`;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, what, null, error);
  }
  if (!response.ok) throw new ApiError(response.status, what, await problemOf(response));
  return response;
}

/** The body of a refusal, when it is one of ours. */
async function problemOf(response: Response): Promise<Problem | null> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return null;
  // page and server are released together: the answer has the form its contract says
  return ((await response.json().catch(() => null)) ?? null) as Problem | null;
}

/** `request` for answers with a body. @throws ApiError */
export async function requestJson<T>(path: string, options?: RequestOptions): Promise<T> {
  const response = await request(path, options);
  try {
    // page and server are released together: the answer has the form its contract says
    return (await response.json()) as T;
  } catch (error) {
    throw new ApiError(0, path, null, error);
  }
}

/** @throws ApiError 401 when the two do not belong together, 429 after too many attempts. */
export function logIn(email: string, password: string): Promise<SessionReply> {
  return requestJson('/api/login', { method: 'POST', body: { email, password } });
}

/** Ends the session on the server. @throws ApiError */
export async function logOut(): Promise<void> {
  await request('/api/logout', { method: 'POST' });
}

/** The session of the cookie; null when there is none. @throws ApiError for every other failure. */
export async function fetchSession(signal?: AbortSignal): Promise<SessionReply | null> {
  try {
    return await requestJson('/api/session', signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** A key that opens one socket within a minute. Never rejects: the socket client decides what a failure means. */
export async function fetchSocketKey(): Promise<SocketKey> {
  try {
    const { sessionKey } = await requestJson<SocketKeyReply>('/api/session/socket-key', {
      method: 'POST',
    });
    return { kind: 'key', sessionKey };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { kind: 'loggedOut' };
    return { kind: 'failed' };
  }
}

/** One page of a list; `nextCursor` null is the last. */
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

interface AllPages<T> {
  readonly items: T[];
  /** There was more than `maxItems`. */
  readonly cut: boolean;
}

/** Every page of a list, one after the other, up to a bound. @throws ApiError */
export async function fetchAll<T>(
  path: string,
  params: Readonly<Record<string, string>>,
  options: { readonly maxItems: number; readonly signal: AbortSignal },
): Promise<AllPages<T>> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ ...params, limit: String(PAGE_SIZE) });
    if (cursor !== null) query.set('cursor', cursor);
    const page: Page<T> = await requestJson(`${path}?${query}`, { signal: options.signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < options.maxItems);
  return { items, cut: cursor !== null };
}

const MAX_TRACKERS = 100_000;
/** Of one tracker and day: a fix every four seconds, all day. */
export const MAX_POSITIONS = 20_000;
const RECENT_EVENTS = 50;

export async function fetchTrackers(signal: AbortSignal): Promise<readonly TrackerReply[]> {
  return (await fetchAll<TrackerReply>('/api/trackers', {}, { maxItems: MAX_TRACKERS, signal }))
    .items;
}

/** Positions of one tracker from `fromMs` on, oldest first. */
export function fetchPositions(
  trackerId: number,
  fromMs: number,
  signal: AbortSignal,
): Promise<AllPages<PositionReply>> {
  const params = { from: new Date(fromMs).toISOString() };
  const path = `/api/trackers/${trackerId}/positions`;
  return fetchAll(path, params, { maxItems: MAX_POSITIONS, signal });
}

/** The newest crossings, newest first. */
export async function fetchRecentCrossings(signal: AbortSignal): Promise<readonly Crossing[]> {
  const page = await requestJson<Page<unknown>>(`/api/events?limit=${RECENT_EVENTS}`, { signal });
  return page.items
    .map(parseCrossing)
    .filter((crossing) => crossing !== null)
    .sort((a, b) => b.fixMs - a.fixMs);
}
