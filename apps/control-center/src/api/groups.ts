/** Groups over HTTP: which people see which trackers. */
import type { CreateGroupBody, GroupReply, UpdateGroupBody } from '@followme/contracts';
import { fetchAll, request, requestJson } from './client.ts';

/** Far more groups than an organisation can keep apart. */
const MAX_GROUPS = 10_000;
/** The most ids that one request may carry; the server refuses longer lists. */
export const MAX_IDS_PER_REQUEST = 10_000;

/** Every group this session sees, by name. @throws ApiError */
export async function fetchGroups(signal: AbortSignal): Promise<readonly GroupReply[]> {
  return (await fetchAll<GroupReply>('/api/groups', {}, { maxItems: MAX_GROUPS, signal })).items;
}

/** One group as it is now. @throws ApiError GROUP_NOT_FOUND */
export function fetchGroup(groupId: number): Promise<GroupReply> {
  return requestJson(`/api/groups/${groupId}`);
}

/** @throws ApiError GROUP_NAME_TAKEN */
export function createGroup(body: CreateGroupBody): Promise<GroupReply> {
  return requestJson('/api/groups', { method: 'POST', body });
}

/** Changes what is named; lists of members replace those there are. @throws ApiError GROUP_NAME_TAKEN, GROUP_NOT_FOUND */
export function updateGroup(groupId: number, body: UpdateGroupBody): Promise<GroupReply> {
  return requestJson(`/api/groups/${groupId}`, { method: 'PATCH', body });
}

/** @throws ApiError GROUP_NOT_FOUND */
export async function deleteGroup(groupId: number): Promise<void> {
  await request(`/api/groups/${groupId}`, { method: 'DELETE' });
}
