import type {
  GroupId,
  RuleId,
  Severity,
  TenantId,
  Trigger,
  UserId,
  WebhookId,
} from '@followme/model';
import { sql } from 'kysely';

/** What is worth an alert, how loud it is, and who hears of it. */
export interface Rule {
  readonly tenantId: TenantId;
  readonly ruleId: RuleId;
  readonly name: string;
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly trigger: Trigger;
  /** Trackers of these groups; null is every tracker. */
  readonly groupIds: readonly GroupId[] | null;
  /** People who get an e-mail; who does not exist any more is passed over. */
  readonly recipientIds: readonly UserId[];
  readonly webhookIds: readonly WebhookId[];
  /** After a message, the same tracker and cause sends no other for so many seconds. */
  readonly coolDownS: number;
  /** Who is told when nobody has answered by then. */
  readonly escalation: { readonly afterS: number; readonly toIds: readonly UserId[] } | null;
  /** Grows with every change. */
  readonly version: number;
}

/** What a rule says, apart from its identity. */
export type RuleFields = Omit<Rule, 'tenantId' | 'ruleId' | 'version'>;

/** The tenant has no such rule, or it is deleted. */
export interface RuleNotFound {
  readonly code: 'RULE_NOT_FOUND';
  readonly ruleId: RuleId;
}

/** Somebody else changed the rule since the version the change was made from. */
export interface RuleChanged {
  readonly code: 'RULE_CHANGED';
  readonly version: number;
}

/** The columns of a `Rule`, from `followme.rule r`. */
export const ruleColumns = sql`
  r.tenant_id as "tenantId", r.id as "ruleId", r.name, r.enabled, r.severity, r.trigger,
  r.group_ids as "groupIds", r.recipient_ids as "recipientIds", r.webhook_ids as "webhookIds",
  r.cool_down_s as "coolDownS",
  case when r.escalate_after_s is null then null else
    jsonb_build_object('afterS', r.escalate_after_s, 'toIds', r.escalate_to_ids) end as escalation,
  r.version
`;

/** The values of the columns that `ruleColumns` reads, in the order of `RULE_COLUMNS`. */
export function ruleValues(rule: RuleFields) {
  return sql`
    ${rule.name}, ${rule.enabled}, ${rule.severity}, ${JSON.stringify(rule.trigger)}::jsonb,
    ${rule.groupIds === null ? null : [...rule.groupIds]}::int[], ${[...rule.recipientIds]}::int[],
    ${[...rule.webhookIds]}::int[], ${rule.coolDownS}::int, ${rule.escalation?.afterS ?? null}::int,
    ${[...(rule.escalation?.toIds ?? [])]}::int[]
  `;
}

/** The columns that people set. */
export const RULE_COLUMNS = sql.raw(
  'name, enabled, severity, trigger, group_ids, recipient_ids, webhook_ids, cool_down_s, escalate_after_s, escalate_to_ids',
);
