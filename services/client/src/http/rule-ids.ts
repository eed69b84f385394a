/** The ids a rule names: each must be of the tenant, or stood in the rule already. */
import type { CreateRuleBody } from '@followme/contracts';
import {
  trustedId,
  type FenceId,
  type GroupId,
  type Trigger,
  type UserId,
  type WebhookId,
} from '@followme/model';
import type { RuleFields, TenantScope } from '@followme/store';
import type { Answer } from './answer.ts';
import {
  refuseUnknownFences,
  refuseUnknownGroups,
  refuseUnknownUsers,
  refuseUnknownWebhooks,
} from './unknown-ids.ts';

const trustedIds = <Id extends number>(ids: readonly number[]): Id[] =>
  ids.map((id) => trustedId<Id>(id));

const toTrigger = (trigger: CreateRuleBody['trigger']): Trigger =>
  trigger.kind === 'fence'
    ? {
        ...trigger,
        fenceIds: trigger.fenceIds === null ? null : trustedIds<FenceId>(trigger.fenceIds),
      }
    : trigger;

/** A checked body as the store takes it; fields that were not sent are not in it. */
export function toRuleFields(body: Partial<CreateRuleBody>): Partial<RuleFields> {
  const { trigger, groupIds, recipientIds, webhookIds, escalation, ...plain } = body;
  return {
    ...plain,
    ...(trigger === undefined ? {} : { trigger: toTrigger(trigger) }),
    ...(groupIds === undefined
      ? {}
      : { groupIds: groupIds === null ? null : trustedIds<GroupId>(groupIds) }),
    ...(recipientIds === undefined ? {} : { recipientIds: trustedIds<UserId>(recipientIds) }),
    ...(webhookIds === undefined ? {} : { webhookIds: trustedIds<WebhookId>(webhookIds) }),
    ...(escalation === undefined
      ? {}
      : {
          escalation: escalation && { ...escalation, toIds: trustedIds<UserId>(escalation.toIds) },
        }),
  };
}

const fencesOf = (rule: Partial<RuleFields> | null): readonly FenceId[] =>
  rule?.trigger?.kind === 'fence' ? (rule.trigger.fenceIds ?? []) : [];

/**
 * The refusal of ids that the tenant does not have; null when it has them all. What stands in the rule
 * already is no mistake of this request: a fence may have been deleted since, and such ids are passed over
 * when the rule is applied.
 */
export async function refuseUnknownInRule(
  tenant: TenantScope,
  fields: Partial<RuleFields>,
  before: RuleFields | null,
): Promise<Answer<never> | null> {
  const added = (now: readonly number[] | null | undefined, was: readonly number[] | null = []) =>
    (now ?? []).filter((id) => was === null || !was.includes(id));
  const { groupIds, recipientIds, webhookIds, escalation } = fields;
  return (
    (await refuseUnknownFences(
      tenant,
      added(fencesOf(fields), fencesOf(before)),
      '/body/trigger/fenceIds',
    )) ??
    (await refuseUnknownGroups(tenant, added(groupIds, before?.groupIds))) ??
    (await refuseUnknownUsers(
      tenant,
      added(recipientIds, before?.recipientIds),
      '/body/recipientIds',
    )) ??
    (await refuseUnknownWebhooks(tenant, added(webhookIds, before?.webhookIds))) ??
    (await refuseUnknownUsers(
      tenant,
      added(escalation?.toIds, before?.escalation?.toIds),
      '/body/escalation/toIds',
    ))
  );
}
