/** People of the tenant: who they are, what they may do, which groups they see. */
import {
  ColleaguePageSchema,
  ColleagueQuerySchema,
  CreateUserBodySchema,
  PageQuerySchema,
  UpdateUserBodySchema,
  UserPageSchema,
  UserParamsSchema,
  UserSchema,
  UserWithPasswordSchema,
  type CreateUserBody,
  type UserReply,
} from '@followme/contracts';
import {
  err,
  ok,
  trustedId,
  type AlertId,
  type GroupId,
  type Result,
  type TrackerId,
  type UserId,
} from '@followme/model';
import { randomPassword } from '@followme/platform';
import {
  createUser,
  getAlert,
  getUser,
  listColleagues,
  listUsers,
  setPassword,
  setUserGroups,
  updateUser,
  type TenantScope,
  type UserWithGroups,
} from '@followme/store';
import { announceRegistry, announceSessions } from './announce.ts';
import { answer, refuse } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { pageOfAll } from './page-of-all.ts';
import { defineRoute, type Route } from './route.ts';
import { refuseUnknownGroups } from './unknown-ids.ts';
import { viewOf } from './visibility.ts';

type UserDeps = Pick<HttpDeps, 'log'>;

const TAG = 'people';
/** A temporary password is so many blocks of so many characters: 93 bits that can be read out. */
const PASSWORD_BLOCKS = 4;
const BLOCK_CHARS = 4;

/** The routes of this file. */
export function userRoutes(deps: UserDeps): readonly Route[] {
  return [
    listRoute(),
    createRoute(deps),
    getRoute(),
    updateRoute(deps),
    passwordRoute(deps),
    colleaguesRoute(),
  ];
}

const toUserId = (id: number): UserId => trustedId<UserId>(id);
const toGroupIds = (ids: readonly number[]): GroupId[] => ids.map((id) => trustedId<GroupId>(id));

function toReply(user: UserWithGroups): UserReply {
  const { userId: id, name, email, role, seesAll, groupIds, disabledAtMs } = user;
  return {
    id,
    name,
    email,
    role,
    seesAll: seesAll || role === 'administrator',
    groupIds: [...groupIds],
    disabled: disabledAtMs !== null,
  };
}

async function findUser(tenant: TenantScope, userId: UserId) {
  const user = await getUser(tenant, userId);
  return user === null ? refuse('USER_NOT_FOUND') : answer(toReply(user));
}

const temporaryPassword = (): string =>
  Array.from({ length: PASSWORD_BLOCKS }, () => randomPassword(BLOCK_CHARS)).join('-');

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/users',
    access: 'administrator',
    summary: 'The people of the tenant, by name',
    tag: TAG,
    query: PageQuerySchema,
    reply: UserPageSchema,
    async handle({ caller, query }) {
      const users = await caller.inTenant(listUsers);
      const page = pageOfAll(users.map(toReply), query);
      return page.ok ? answer(page.value) : refuse(page.error);
    },
  });
}

/** Makes the person and puts them into their groups. */
async function create(
  tenant: TenantScope,
  { groupIds = [], seesAll = false, ...rest }: CreateUserBody,
  password: string,
): Promise<Result<UserId, 'EMAIL_TAKEN'>> {
  const created = await createUser(tenant, { ...rest, seesAll, password });
  if (!created.ok) return err(created.error.code);
  if (groupIds.length > 0) await setUserGroups(tenant, created.value, toGroupIds(groupIds));
  return ok(created.value);
}

function createRoute({ log }: UserDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/users',
    access: 'administrator',
    summary: 'Makes a person and answers a temporary password to hand over',
    tag: TAG,
    body: CreateUserBodySchema,
    reply: UserWithPasswordSchema,
    status: 201,
    async handle({ caller, body }) {
      const password = temporaryPassword();
      const outcome = await caller.inTenant(async (tenant) => {
        const unknownGroups = await refuseUnknownGroups(tenant, body.groupIds);
        if (unknownGroups !== null) return unknownGroups;
        const created = await create(tenant, body, password);
        return created.ok
          ? findUser(tenant, created.value)
          : refuse(created.error, { path: '/body/email' });
      });
      if (outcome.kind !== 'ok') return outcome;
      announceRegistry(log, caller.session.tenantId);
      return answer({ user: outcome.body, password });
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/users/:userId',
    access: 'administrator',
    summary: 'One person',
    tag: TAG,
    params: UserParamsSchema,
    reply: UserSchema,
    handle: ({ caller, params }) =>
      caller.inTenant((tenant) => findUser(tenant, toUserId(params.userId))),
  });
}

function updateRoute({ log }: UserDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/users/:userId',
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; who is disabled is signed out at once',
    tag: TAG,
    params: UserParamsSchema,
    body: UpdateUserBodySchema,
    reply: UserSchema,
    async handle({ caller, params, body }) {
      const userId = toUserId(params.userId);
      const { groupIds, ...rest } = body;
      if (rest.disabled === true && userId === caller.session.userId) {
        return refuse('LAST_ADMINISTRATOR', {
          detail: 'Nobody can disable themselves',
          path: '/body/disabled',
        });
      }
      const outcome = await caller.inTenant(async (tenant) => {
        const unknownGroups = await refuseUnknownGroups(tenant, groupIds);
        if (unknownGroups !== null) return unknownGroups;
        const updated = await updateUser(tenant, userId, given(rest));
        if (!updated.ok) return refuse(updated.error.code);
        if (groupIds !== undefined) await setUserGroups(tenant, userId, toGroupIds(groupIds));
        return findUser(tenant, userId);
      });
      if (outcome.kind === 'ok') announceRegistry(log, caller.session.tenantId);
      return outcome;
    },
  });
}

function passwordRoute({ log }: UserDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/users/:userId/password',
    access: 'administrator',
    summary: 'Gives a person a temporary password and ends all their sessions',
    tag: TAG,
    params: UserParamsSchema,
    reply: UserWithPasswordSchema,
    async handle({ caller, params }) {
      const userId = toUserId(params.userId);
      const password = temporaryPassword();
      const outcome = await caller.inTenant(async (tenant) => {
        const isThere = await setPassword(tenant, userId, password);
        return isThere ? findUser(tenant, userId) : refuse('USER_NOT_FOUND');
      });
      if (outcome.kind !== 'ok') return outcome;
      announceSessions(log, caller.session.tenantId);
      return answer({ user: outcome.body, password });
    },
  });
}

function colleaguesRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/colleagues',
    access: 'signedIn',
    summary: 'The operators and administrators an alert can be assigned to, by name',
    tag: TAG,
    query: ColleagueQuerySchema,
    reply: ColleaguePageSchema,
    handle: ({ caller, query: { alertId, ...query } }) =>
      caller.inTenant(async (tenant) => {
        let trackerId: TrackerId | null = null;
        if (alertId !== undefined) {
          const { trackers } = await viewOf(tenant, caller);
          const alert = await getAlert(tenant, trustedId<AlertId>(alertId), trackers);
          if (alert === null) return refuse('ALERT_NOT_FOUND');
          ({ trackerId } = alert);
        }
        const colleagues = await listColleagues(tenant, trackerId);
        const page = pageOfAll(
          colleagues.map(({ userId: id, name }) => ({ id, name })),
          query,
        );
        return page.ok ? answer(page.value) : refuse(page.error);
      }),
  });
}
