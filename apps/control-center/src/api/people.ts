/** People of the organisation over HTTP, and one's own password. */
import type {
  ChangePasswordBody,
  ColleaguePage,
  CreateUserBody,
  UpdateUserBody,
  UserReply,
  UserWithPassword,
} from '@followme/contracts';
import { fetchAll, request, requestJson } from './client.ts';

const MAX_PEOPLE = 20_000;

/** A person as everybody of the control room may know them. */
export type Colleague = ColleaguePage['items'][number];

/** Everybody, for administrators. @throws ApiError ACCESS_DENIED */
export async function fetchPeople(signal: AbortSignal): Promise<readonly UserReply[]> {
  return (await fetchAll<UserReply>('/api/users', {}, { maxItems: MAX_PEOPLE, signal })).items;
}

/**
 * Names of those to whom work can be given; with an alert, of those who see its tracker.
 * @throws ApiError ALERT_NOT_FOUND
 */
export async function fetchColleagues(
  alertId: number | null,
  signal: AbortSignal,
): Promise<readonly Colleague[]> {
  const query = alertId === null ? {} : { alertId: String(alertId) };
  return (await fetchAll<Colleague>('/api/colleagues', query, { maxItems: MAX_PEOPLE, signal }))
    .items;
}

/** The answer holds the password, which is told this once. @throws ApiError EMAIL_TAKEN */
export function createPerson(body: CreateUserBody): Promise<UserWithPassword> {
  return requestJson('/api/users', { method: 'POST', body });
}

/** @throws ApiError LAST_ADMINISTRATOR, USER_NOT_FOUND */
export function updatePerson(userId: number, body: UpdateUserBody): Promise<UserReply> {
  return requestJson(`/api/users/${userId}`, { method: 'PATCH', body });
}

/** Gives somebody a new password, told this once. @throws ApiError USER_NOT_FOUND */
export function renewPassword(userId: number): Promise<UserWithPassword> {
  return requestJson(`/api/users/${userId}/password`, { method: 'POST' });
}

/** Changes one's own. @throws ApiError PASSWORD_WRONG, TOO_MANY_ATTEMPTS */
export async function changeOwnPassword(body: ChangePasswordBody): Promise<void> {
  await request('/api/session/password', { method: 'POST', body });
}
