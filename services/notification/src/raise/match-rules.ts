/** Which rules an occurrence sets off. Pure. */
import type { GroupId } from '@followme/model';
import type { Rule } from '@followme/store';
import { keyOf, type Cause, type Occurrence } from './occurrence.ts';

/** An occurrence and the rule it set off; null is the SOS that needs none. */
export interface Match {
  readonly occurrence: Occurrence;
  readonly rule: Rule | null;
  readonly key: string;
}

/** Whether the rule is about this. */
function isSetOffBy({ ruleId, trigger }: Rule, cause: Cause): boolean {
  switch (cause.kind) {
    case 'fence':
      return (
        trigger.kind === 'fence' &&
        trigger.on.includes(cause.transition) &&
        (trigger.fenceIds === null || trigger.fenceIds.includes(cause.fenceId))
      );
    case 'alarm':
      return trigger.kind === 'alarm' && trigger.alarms.includes(cause.alarm);
    case 'silent':
      return trigger.kind === 'silent' && ruleId === cause.ruleId;
  }
}

/** Whether the rule is for a tracker of these groups. */
function isFor(rule: Rule, groupIds: readonly GroupId[]): boolean {
  return rule.groupIds === null || rule.groupIds.some((groupId) => groupIds.includes(groupId));
}

/**
 * The enabled rules of the tracker's tenant that this sets off, in order of their ids. An SOS that no rule makes
 * a card of that somebody has to answer (`info` does not) sets off the card that needs no rule.
 */
export function matchRules(
  occurrence: Occurrence,
  rules: readonly Rule[],
  groupIds: readonly GroupId[],
): readonly Match[] {
  const matching = rules
    .filter(
      (rule) =>
        rule.enabled &&
        rule.tenantId === occurrence.tenantId &&
        isSetOffBy(rule, occurrence.cause) &&
        isFor(rule, groupIds),
    )
    .toSorted((a, b) => a.ruleId - b.ruleId)
    .map((rule): Match => ({ occurrence, rule, key: keyOf(rule.ruleId, occurrence) }));
  const { cause } = occurrence;
  const isSos = cause.kind === 'alarm' && cause.alarm === 'sos';
  if (!isSos || matching.some(({ rule }) => rule?.severity !== 'info')) return matching;
  return [...matching, { occurrence, rule: null, key: keyOf(null, occurrence) }];
}
