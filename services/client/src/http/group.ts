/** Groups: which people see which trackers. */
import {
  CreateGroupBodySchema,
  GroupPageSchema,
  GroupParamsSchema,
  GroupSchema,
  PageQuerySchema,
  UpdateGroupBodySchema,
  type GroupReply,
} from '@followme/contracts';
import { trustedId, type GroupId, type TrackerId, type UserId } from '@followme/model';
import {
  createGroup,
  deleteGroup,
  listGroups,
  setGroupMembers,
  setGroupTrackers,
  updateGroup,
  type Group,
  type TenantScope,
} from '@followme/store';
import { seesAllOf } from '../live/audience-look.ts';
import { announceRegistry } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { pageOfAll } from './page-of-all.ts';
import { defineRoute, type Caller, type Route } from './route.ts';
import { refuseUnknownTrackers, refuseUnknownUsers } from './unknown-ids.ts';

type GroupDeps = Pick<HttpDeps, 'log'>;

const TAG = 'groups';

/** The routes of this file. */
export function groupRoutes(deps: GroupDeps): readonly Route[] {
  return [listRoute(), createRoute(deps), getRoute(), updateRoute(deps), deleteRoute(deps)];
}

function toReply(group: Group, caller: Caller): GroupReply {
  const mayKnowPeople = caller.session.role === 'administrator';
  return {
    id: group.groupId,
    name: group.name,
    trackerIds: [...group.trackerIds],
    userIds: mayKnowPeople ? [...group.memberIds] : [],
  };
}

/** The groups the caller sees, by name. */
async function groupsOf(tenant: TenantScope, caller: Caller): Promise<GroupReply[]> {
  const filter = seesAllOf(caller.session) ? {} : { memberId: caller.session.userId };
  return (await listGroups(tenant, filter)).map((group) => toReply(group, caller));
}

async function findGroup(tenant: TenantScope, caller: Caller, groupId: number) {
  const group = (await groupsOf(tenant, caller)).find(({ id }) => id === groupId);
  return group === undefined ? refuse('GROUP_NOT_FOUND') : answer(group);
}

interface Members {
  readonly trackerIds?: readonly number[] | undefined;
  readonly userIds?: readonly number[] | undefined;
}

/** The refusal of members that are none of the tenant's; null when it has them all. */
async function refuseUnknownMembers(tenant: TenantScope, { trackerIds, userIds }: Members) {
  return (
    (await refuseUnknownTrackers(tenant, trackerIds)) ?? (await refuseUnknownUsers(tenant, userIds))
  );
}

/** Sets the members that are named. */
async function setMembers(tenant: TenantScope, groupId: GroupId, members: Members): Promise<void> {
  const { trackerIds, userIds } = members;
  if (trackerIds !== undefined) {
    await setGroupTrackers(
      tenant,
      groupId,
      trackerIds.map((id) => trustedId<TrackerId>(id)),
    );
  }
  if (userIds !== undefined) {
    await setGroupMembers(
      tenant,
      groupId,
      userIds.map((id) => trustedId<UserId>(id)),
    );
  }
}

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/groups',
    access: 'signedIn',
    summary: 'The groups this session sees, by name',
    tag: TAG,
    query: PageQuerySchema,
    reply: GroupPageSchema,
    handle: ({ caller, query }) =>
      caller.inTenant(async (tenant) => {
        const page = pageOfAll(await groupsOf(tenant, caller), query);
        return page.ok ? answer(page.value) : refuse(page.error);
      }),
  });
}

function createRoute({ log }: GroupDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/groups',
    access: 'administrator',
    summary: 'Makes a group; members that do not exist are refused',
    tag: TAG,
    body: CreateGroupBodySchema,
    reply: GroupSchema,
    status: 201,
    async handle({ caller, body }) {
      const outcome = await caller.inTenant(async (tenant) => {
        const unknown = await refuseUnknownMembers(tenant, body);
        if (unknown !== null) return unknown;
        const created = await createGroup(tenant, { name: body.name });
        if (!created.ok) return refuse(created.error.code);
        await setMembers(tenant, created.value, body);
        return findGroup(tenant, caller, created.value);
      });
      if (outcome.kind === 'ok') announceRegistry(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/groups/:groupId',
    access: 'signedIn',
    summary: 'One group',
    tag: TAG,
    params: GroupParamsSchema,
    reply: GroupSchema,
    handle: ({ caller, params }) =>
      caller.inTenant((tenant) => findGroup(tenant, caller, params.groupId)),
  });
}

function updateRoute({ log }: GroupDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/groups/:groupId',
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; members are replaced as a whole',
    tag: TAG,
    params: GroupParamsSchema,
    body: UpdateGroupBodySchema,
    reply: GroupSchema,
    async handle({ caller, params, body }) {
      const groupId = trustedId<GroupId>(params.groupId);
      const outcome = await caller.inTenant(async (tenant) => {
        const unknown = await refuseUnknownMembers(tenant, body);
        if (unknown !== null) return unknown;
        if (body.name !== undefined) {
          const renamed = await updateGroup(tenant, groupId, { name: body.name });
          if (!renamed.ok) return refuse(renamed.error.code);
        }
        await setMembers(tenant, groupId, body);
        return findGroup(tenant, caller, groupId);
      });
      if (outcome.kind === 'ok') announceRegistry(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function deleteRoute({ log }: GroupDeps): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/groups/:groupId',
    access: 'administrator',
    summary: 'Removes a group; its trackers and people stay',
    tag: TAG,
    params: GroupParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const deleted = await caller.inTenant((tenant) =>
        deleteGroup(tenant, trustedId<GroupId>(params.groupId)),
      );
      if (!deleted.ok) return refuse(deleted.error.code);
      announceRegistry(log, caller.session.tenantId);
      return answer(null);
    },
  });
}
