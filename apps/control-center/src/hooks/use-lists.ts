/** The lists that several pages work with: asked for once, shared by all, changed in place after a save. */
import type { GroupReply, RuleReply, TrackerReply, UserReply } from '@followme/contracts';
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { fetchTrackers } from '../api/client.ts';
import { fetchGroups } from '../api/groups.ts';
import { fetchColleagues, fetchPeople } from '../api/people.ts';
import { fetchChannels, fetchRules, fetchWebhooks } from '../api/rules.ts';
import { fetchDeviceAddresses } from '../api/trackers.ts';

/** What the lists are cached under, and what they hold. */
export interface Lists {
  readonly trackers: TrackerReply;
  readonly groups: GroupReply;
  readonly people: UserReply;
  readonly rules: RuleReply;
}

/** Other people change these too: a page that opens asks again when it is older than this, ms. */
const FRESH_MS = 5_000;

export function useTrackers() {
  return useQuery({ queryKey: ['trackers'], queryFn: ({ signal }) => fetchTrackers(signal) });
}

export function useGroups() {
  return useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => fetchGroups(signal),
    staleTime: FRESH_MS,
  });
}

/** Everybody; only administrators may ask, so only then is it asked. */
export function usePeople(isAllowed = true) {
  return useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => fetchPeople(signal),
    staleTime: FRESH_MS,
    enabled: isAllowed,
  });
}

/** Those to whom work can be given; with an alert, those of them who see its tracker. */
export function useColleagues(alertId: number | null = null) {
  return useQuery({
    queryKey: ['colleagues', alertId],
    queryFn: ({ signal }) => fetchColleagues(alertId, signal),
    staleTime: FRESH_MS,
  });
}

export function useRules() {
  return useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) => fetchRules(signal),
    staleTime: FRESH_MS,
  });
}

export function useWebhooks(isAllowed = true) {
  return useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => fetchWebhooks(signal),
    staleTime: FRESH_MS,
    enabled: isAllowed,
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => fetchChannels(signal),
    staleTime: FRESH_MS,
  });
}

export function useDeviceAddresses() {
  return useQuery({
    queryKey: ['device-addresses'],
    queryFn: ({ signal }) => fetchDeviceAddresses(signal),
  });
}

/** Puts what the server answered into a list that is shown, so that nobody waits for the whole list. */
export function putInList<K extends keyof Lists>(
  client: QueryClient,
  key: K,
  item: Lists[K],
): void {
  client.setQueryData<readonly Lists[K][]>([key], (list) => {
    if (list === undefined) return list;
    const known = list.some(({ id }) => id === item.id);
    return known ? list.map((other) => (other.id === item.id ? item : other)) : [...list, item];
  });
}

/** Takes something out of a list that is shown. */
export function dropFromList(client: QueryClient, key: keyof Lists, id: number): void {
  client.setQueryData<readonly Lists[typeof key][]>([key], (list) =>
    list?.filter((other) => other.id !== id),
  );
}
