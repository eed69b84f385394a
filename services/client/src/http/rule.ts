/** Rules: what is worth an alert, how loud it is, and who hears of it. */
import { isDeepStrictEqual } from 'node:util';
import {
  CreateRuleBodySchema,
  PageQuerySchema,
  RulePageSchema,
  RuleParamsSchema,
  RuleSchema,
  UpdateRuleBodySchema,
  type RuleReply,
  type UpdateRuleBody,
} from '@followme/contracts';
import { trustedId, type RuleId } from '@followme/model';
import {
  createRule,
  deleteRule,
  getRule,
  listRules,
  updateRule,
  type Rule,
  type RuleFields,
  type TenantScope,
} from '@followme/store';
import { answer, refuse } from './answer.ts';
import { given } from './given.ts';
import { pageOfAll } from './page-of-all.ts';
import { defineRoute, type Route } from './route.ts';
import { refuseUnknownInRule, toRuleFields } from './rule-ids.ts';

const TAG = 'rules';

/** The routes of this file. */
export function ruleRoutes(): readonly Route[] {
  return [listRoute(), createRoute(), getRoute(), updateRoute(), deleteRoute()];
}

const toRuleId = (id: number): RuleId => trustedId<RuleId>(id);

function toReply(rule: Rule): RuleReply {
  const { groupIds, escalation } = rule;
  return {
    id: rule.ruleId,
    name: rule.name,
    enabled: rule.enabled,
    severity: rule.severity,
    trigger: toTriggerReply(rule.trigger),
    groupIds: groupIds === null ? null : [...groupIds],
    recipientIds: [...rule.recipientIds],
    webhookIds: [...rule.webhookIds],
    coolDownS: rule.coolDownS,
    escalation: escalation && { afterS: escalation.afterS, toIds: [...escalation.toIds] },
    version: rule.version,
  };
}

function toTriggerReply(trigger: Rule['trigger']): RuleReply['trigger'] {
  switch (trigger.kind) {
    case 'fence': {
      const { kind, fenceIds, on } = trigger;
      return { kind, fenceIds: fenceIds === null ? null : [...fenceIds], on: [...on] };
    }
    case 'alarm':
      return { kind: trigger.kind, alarms: [...trigger.alarms] };
    case 'silent':
      return { kind: trigger.kind, afterS: trigger.afterS };
  }
}

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/rules',
    access: 'signedIn',
    summary: 'The rules of the tenant, by name',
    tag: TAG,
    query: PageQuerySchema,
    reply: RulePageSchema,
    async handle({ caller, query }) {
      const rules = await caller.inTenant(listRules);
      const page = pageOfAll(rules.map(toReply), query);
      return page.ok ? answer(page.value) : refuse(page.error);
    },
  });
}

function createRoute(): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/rules',
    access: 'administrator',
    summary: 'Makes a rule; it holds for what happens from then on',
    tag: TAG,
    body: CreateRuleBodySchema,
    reply: RuleSchema,
    status: 201,
    async handle({ caller, body }) {
      // a whole body makes whole fields
      const fields = toRuleFields(body) as RuleFields;
      return caller.inTenant(async (tenant) => {
        const unknown = await refuseUnknownInRule(tenant, fields, null);
        return unknown ?? answer(toReply(await createRule(tenant, fields)));
      });
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/rules/:ruleId',
    access: 'signedIn',
    summary: 'One rule',
    tag: TAG,
    params: RuleParamsSchema,
    reply: RuleSchema,
    async handle({ caller, params }) {
      const rule = await caller.inTenant((tenant) => getRule(tenant, toRuleId(params.ruleId)));
      return rule === null ? refuse('RULE_NOT_FOUND') : answer(toReply(rule));
    },
  });
}

/** Changes a rule within one transaction; a change that changes nothing makes no new version. */
async function change(tenant: TenantScope, ruleId: RuleId, body: UpdateRuleBody) {
  const { ifVersion, ...rest } = body;
  const fields = toRuleFields(given(rest));
  const before = await getRule(tenant, ruleId);
  if (before === null) return refuse('RULE_NOT_FOUND');
  const unknown = await refuseUnknownInRule(tenant, fields, before);
  if (unknown !== null) return unknown;
  const isSame = isDeepStrictEqual({ ...before, ...fields }, before);
  if (isSame && (ifVersion ?? before.version) === before.version) return answer(toReply(before));
  const updated = await updateRule(tenant, ruleId, { ...fields, ...given({ ifVersion }) });
  return updated.ok ? answer(toReply(updated.value)) : refuse(updated.error.code);
}

function updateRoute(): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/rules/:ruleId',
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; with `ifVersion` only when nobody else did',
    tag: TAG,
    params: RuleParamsSchema,
    body: UpdateRuleBodySchema,
    reply: RuleSchema,
    async handle({ caller, params, body }) {
      const ruleId = toRuleId(params.ruleId);
      return caller.inTenant((tenant) => change(tenant, ruleId, body));
    },
  });
}

function deleteRoute(): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/rules/:ruleId',
    access: 'administrator',
    summary: 'Takes a rule away; the alerts it raised stay',
    tag: TAG,
    params: RuleParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const deleted = await caller.inTenant((tenant) =>
        deleteRule(tenant, toRuleId(params.ruleId)),
      );
      return deleted.ok ? answer(null) : refuse(deleted.error.code);
    },
  });
}
