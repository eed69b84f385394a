/** What tests of this service begin with. */
import { trustedId, type FenceId, type TrackerId } from '@followme/model';
import type { Rule } from '@followme/store';
import type { Occurrence } from '../raise/occurrence.ts';

/** 2026-06-01T12:00:00Z. */
export const NOON = Date.UTC(2026, 5, 1, 12);
export const TENANT = trustedId<Rule['tenantId']>(1);
export const TRACKER = trustedId<TrackerId>(7);
export const FENCE = trustedId<FenceId>(3);

/** A rule about every SOS. */
export function ruleOf(fields: Partial<Rule> = {}): Rule {
  return {
    tenantId: TENANT,
    ruleId: trustedId(1),
    name: 'Rule',
    enabled: true,
    severity: 'critical',
    trigger: { kind: 'alarm', alarms: ['sos'] },
    groupIds: null,
    recipientIds: [],
    webhookIds: [],
    coolDownS: 0,
    escalation: null,
    version: 1,
    ...fields,
  };
}

/** An SOS at noon. */
export function sosOf(fields: Partial<Occurrence> = {}): Occurrence {
  return {
    tenantId: TENANT,
    trackerId: TRACKER,
    timeMs: NOON,
    lon: 5.1,
    lat: 52.1,
    cause: { kind: 'alarm', alarm: 'sos' },
    ...fields,
  };
}

/** A crossing at noon. */
export function crossingOf(
  transition: 'enter' | 'exit',
  fields: Partial<Occurrence> = {},
): Occurrence {
  return sosOf({
    cause: { kind: 'fence', fenceId: FENCE, fenceName: 'Depot', transition },
    ...fields,
  });
}
