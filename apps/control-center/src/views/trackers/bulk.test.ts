import type { GroupReply, TrackerReply } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../api/client.ts';
import { MAX_IDS_PER_REQUEST } from '../../api/groups.ts';
import { type BulkDeps, planBulk, runBulk } from './bulk.ts';

const range = (count: number, from = 1) => Array.from({ length: count }, (_, i) => from + i);

/** A server that keeps one group and its trackers, as ours does. */
function createServer(
  members: readonly number[],
  refuse: (trackerId: number) => boolean,
  groupsNow: readonly number[] = [],
) {
  let group: GroupReply = { id: 7, name: 'Night', trackerIds: [...members], userIds: [] };
  const groupIds = new Map<number, readonly number[]>();
  const replyOf = (id: number) => trackerOf(id, [...(groupIds.get(id) ?? groupsNow)]);
  const progress: number[] = [];
  const deps: BulkDeps = {
    fetchGroup: async () => group,
    fetchTracker: async (id) => replyOf(id),
    async updateGroup(_id, { trackerIds }) {
      if ((trackerIds?.length ?? 0) > MAX_IDS_PER_REQUEST) throw new ApiError(400, 'too many');
      group = { ...group, trackerIds: trackerIds ?? group.trackerIds };
      return group;
    },
    async updateTracker(id, body) {
      if (refuse(id)) throw new ApiError(503, 'refused');
      groupIds.set(id, body.groupIds ?? []);
      return replyOf(id);
    },
    onProgress: (done) => progress.push(done),
  };
  return { deps, groupIds, progress, group: () => group };
}

const trackerOf = (id: number, groupIds: number[] = []): TrackerReply => ({
  id,
  name: `T${id}`,
  groupIds,
  device: null,
});
const never = () => false;

describe('many trackers and one group', () => {
  test('what is there already is not done again', () => {
    expect(planBulk({ trackerIds: [1, 2] }, [1, 2], 'add')).toEqual({ kind: 'nothing' });
    expect(planBulk({ trackerIds: [1] }, [2], 'remove')).toEqual({ kind: 'nothing' });
    expect(planBulk({ trackerIds: [1, 2] }, [2, 3, 3], 'add')).toEqual({
      kind: 'group',
      trackerIds: [1, 2, 3],
      changed: 1,
    });
  });

  test('a group beyond what one request may carry changes tracker by tracker', () => {
    const full = range(MAX_IDS_PER_REQUEST);
    expect(planBulk({ trackerIds: full }, [MAX_IDS_PER_REQUEST + 1], 'add').kind).toBe('each');
    expect(planBulk({ trackerIds: full.slice(1) }, [1], 'add').kind).toBe('group');
  });

  test('adding keeps the members that others added meanwhile', async () => {
    const server = createServer([5], never);
    const trackers = [trackerOf(1), trackerOf(2)];
    const outcome = await runBulk({ groupId: 7, direction: 'add', trackers }, server.deps);
    expect(outcome).toEqual({ done: 2, all: 2, error: null });
    expect(server.group().trackerIds).toEqual([5, 1, 2]);
  });

  test('removing takes out those and no others', async () => {
    const server = createServer([1, 2, 3], never);
    const trackers = [trackerOf(2), trackerOf(9)];
    const outcome = await runBulk({ groupId: 7, direction: 'remove', trackers }, server.deps);
    expect(outcome).toEqual({ done: 1, all: 1, error: null });
    expect(server.group().trackerIds).toEqual([1, 3]);
  });

  test('a large group: each tracker keeps the other groups it has now, and progress is told', async () => {
    // the list is older than the group 4 that somebody just put them in
    const server = createServer(range(MAX_IDS_PER_REQUEST), never, [3, 4]);
    const trackers = range(6, MAX_IDS_PER_REQUEST + 1).map((id) => trackerOf(id, [3]));
    const outcome = await runBulk({ groupId: 7, direction: 'add', trackers }, server.deps);
    expect(outcome).toEqual({ done: 6, all: 6, error: null });
    expect([...server.groupIds.values()]).toEqual(trackers.map(() => [3, 4, 7]));
    expect(server.progress).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a failure half-way says how far it came and stops asking', async () => {
    const first = MAX_IDS_PER_REQUEST + 1;
    const server = createServer(range(MAX_IDS_PER_REQUEST), (id) => id === first);
    const trackers = range(40, first).map((id) => trackerOf(id));
    // the broken one is asked for first
    const order = { groupId: 7, direction: 'add', trackers: trackers.toReversed() } as const;
    const outcome = await runBulk(order, server.deps);
    expect(outcome.all).toBe(40);
    expect(outcome.done).toBeLessThan(40);
    expect(outcome.done).toBe(server.groupIds.size);
    expect(outcome.error).toBeInstanceOf(ApiError);
  });

  test('a group that cannot be read changes nothing', async () => {
    const server = createServer([], never);
    const error = new ApiError(404, 'gone');
    const deps = { ...server.deps, fetchGroup: () => Promise.reject(error) };
    const order = { groupId: 7, direction: 'add', trackers: [trackerOf(1)] } as const;
    expect(await runBulk(order, deps)).toEqual({ done: 0, all: 1, error });
  });
});
