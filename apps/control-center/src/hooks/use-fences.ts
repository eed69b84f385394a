/** All places of the customer, shared by the map, the list and every page that names them. */
import type { FenceReply } from '@followme/contracts';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FenceList, fetchFenceList } from '../api/places.ts';

/** What the list is cached under. Asking again fetches what changed since, not all. */
const FENCES_KEY = ['fences'] as const;

/** The question for all places. */
function fencesQuery(client: QueryClient) {
  return queryOptions({
    queryKey: FENCES_KEY,
    queryFn: ({ signal }) => fetchFenceList(client.getQueryData<FenceList>(FENCES_KEY), signal),
    // equal places are the same objects already; looking for them among a hundred thousand takes long
    structuralSharing: false,
  });
}

const fencesOf = ({ fences }: FenceList): readonly FenceReply[] => fences;

/** Every place of the customer. */
export function useFences() {
  const client = useQueryClient();
  return useQuery({ ...fencesQuery(client), select: fencesOf });
}

/** Shows a place that was saved before the server tells of it. */
export function putFence(client: QueryClient, fence: FenceReply): void {
  client.setQueryData<FenceList>(FENCES_KEY, (list) => {
    if (list === undefined) return list;
    const others = list.fences.filter(({ id }) => id !== fence.id);
    return { ...list, fences: [...others, fence] };
  });
}

/** Takes a place away before the server tells of it. */
export function dropFence(client: QueryClient, fenceId: number): void {
  client.setQueryData<FenceList>(
    FENCES_KEY,
    (list) => list && { ...list, fences: list.fences.filter(({ id }) => id !== fenceId) },
  );
}

/** Asks what changed. */
export async function refreshFences(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: FENCES_KEY });
}
