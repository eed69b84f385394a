/** The form of a rule: what people fill in, whether it can be saved, and what is sent. No React, no network. */
import type {
  AlarmName,
  CreateRuleBody,
  RuleReply,
  Severity,
  Transition,
} from '@followme/contracts';
import { nameFault } from '../../forms/check-name.ts';
import type { RuleContent } from './rule-sentence.ts';

/** What sets a rule off. */
type TriggerKind = CreateRuleBody['trigger']['kind'];

/** Alarms in the order they are offered: those people ask for first. */
export const ALARM_NAMES = [
  'sos',
  'fall',
  'lowBattery',
  'powerCut',
  'overspeed',
  'tamper',
  'accident',
  'vibration',
  'towing',
  'geofence',
  'idling',
  'jamming',
  'fault',
] as const satisfies readonly AlarmName[];

/** The ladder, loudest first. */
export const SEVERITY_LADDER = [
  'critical',
  'high',
  'medium',
  'info',
] as const satisfies readonly Severity[];

/**
 * What is filled in. What belongs to a kind of trigger that is not chosen stays, so that going back and forth
 * loses nothing. Minutes are NaN while their field is empty.
 */
export interface RuleForm {
  /** Empty while nobody typed one: then the suggested name is shown and saved. */
  readonly name: string;
  readonly enabled: boolean;
  readonly kind: TriggerKind;
  readonly on: readonly Transition[];
  readonly anyPlace: boolean;
  readonly placeIds: readonly number[];
  readonly alarms: readonly AlarmName[];
  readonly silentMin: number;
  readonly everyone: boolean;
  readonly groupIds: readonly number[];
  readonly severity: Severity;
  readonly recipientIds: readonly number[];
  readonly webhookIds: readonly number[];
  readonly coolDownMin: number;
  readonly escalates: boolean;
  readonly escalateAfterMin: number;
  readonly escalateToIds: readonly number[];
}

/** A field that can be wrong. */
export type RuleField =
  | 'name'
  | 'transitions'
  | 'places'
  | 'alarms'
  | 'silent'
  | 'groups'
  | 'recipients'
  | 'webhooks'
  | 'coolDown'
  | 'escalateAfter'
  | 'escalateTo';

/** What is wrong with a field; the words stand in `rules.errors`, those of a name in `forms.nameError`. */
type RuleFault =
  | 'name'
  | 'transitions'
  | 'places'
  | 'tooManyPlaces'
  | 'alarms'
  | 'silent'
  | 'groups'
  | 'coolDown'
  | 'escalateAfter'
  | 'escalateTo'
  | 'tooMany';

/** Faults by field; empty when it can be saved. */
export type RuleFaults = Partial<Readonly<Record<RuleField, RuleFault>>>;

/** Ready-made beginnings. */
export type RuleTemplate = 'own' | 'leaves' | 'battery' | 'silent' | 'sos';

const MINUTE_S = 60;
const WEEK_MIN = 7 * 24 * 60;
const DAY_MIN = 24 * 60;
const MAX_RECEIVERS = 200;
const MAX_PLACES = 1_000;

const OWN: RuleForm = {
  name: '',
  enabled: true,
  kind: 'fence',
  on: [],
  anyPlace: false,
  placeIds: [],
  alarms: [],
  silentMin: 30,
  everyone: true,
  groupIds: [],
  severity: 'high',
  recipientIds: [],
  webhookIds: [],
  coolDownMin: 15,
  escalates: false,
  escalateAfterMin: 5,
  escalateToIds: [],
};

const TEMPLATES: Readonly<Record<RuleTemplate, Partial<RuleForm>>> = {
  own: {},
  leaves: { on: ['exit'], anyPlace: true },
  battery: { kind: 'alarm', alarms: ['lowBattery'], severity: 'medium', coolDownMin: 240 },
  silent: { kind: 'silent', severity: 'medium' },
  sos: { kind: 'alarm', alarms: ['sos'], severity: 'critical', coolDownMin: 0 },
};

/** Whether a text names a template. */
export function isRuleTemplate(text: string | null): text is RuleTemplate {
  return text !== null && Object.hasOwn(TEMPLATES, text);
}

/** A form to begin with. */
export function newRuleForm(template: RuleTemplate): RuleForm {
  return { ...OWN, ...TEMPLATES[template] };
}

/** The form of a rule that exists. */
export function toRuleForm(rule: RuleReply): RuleForm {
  const { trigger, groupIds, escalation } = rule;
  return {
    ...OWN,
    name: rule.name,
    enabled: rule.enabled,
    severity: rule.severity,
    ...triggerFields(trigger),
    everyone: groupIds === null,
    groupIds: groupIds ?? [],
    recipientIds: rule.recipientIds,
    webhookIds: rule.webhookIds,
    coolDownMin: rule.coolDownS / MINUTE_S,
    escalates: escalation !== null,
    ...(escalation === null
      ? {}
      : { escalateAfterMin: escalation.afterS / MINUTE_S, escalateToIds: escalation.toIds }),
  };
}

function triggerFields(trigger: CreateRuleBody['trigger']): Partial<RuleForm> {
  switch (trigger.kind) {
    case 'fence':
      return {
        kind: 'fence',
        on: trigger.on,
        anyPlace: trigger.fenceIds === null,
        placeIds: trigger.fenceIds ?? [],
      };
    case 'alarm':
      return { kind: 'alarm', alarms: trigger.alarms };
    case 'silent':
      return { kind: 'silent', silentMin: trigger.afterS / MINUTE_S };
  }
}

function triggerOf(form: RuleForm): CreateRuleBody['trigger'] {
  switch (form.kind) {
    case 'fence':
      return {
        kind: 'fence',
        fenceIds: form.anyPlace ? null : [...form.placeIds],
        // always in the same order, so that nothing looks changed that is not
        on: (['enter', 'exit'] as const).filter((one) => form.on.includes(one)),
      };
    case 'alarm':
      return { kind: 'alarm', alarms: ALARM_NAMES.filter((one) => form.alarms.includes(one)) };
    case 'silent':
      return { kind: 'silent', afterS: toSeconds(form.silentMin) };
  }
}

/** Whole seconds; minutes may be typed with a comma. NaN stays NaN. */
function toSeconds(minutes: number): number {
  return Math.round(minutes * MINUTE_S);
}

/** What the form says, whether or not it can be saved yet: for the sentence beside it. */
export function ruleContent(form: RuleForm): RuleContent {
  return {
    severity: form.severity,
    trigger: triggerOf(form),
    groupIds: form.everyone ? null : [...form.groupIds],
    recipientIds: [...form.recipientIds],
    webhookIds: [...form.webhookIds],
    coolDownS: toSeconds(form.coolDownMin),
    escalation: form.escalates
      ? { afterS: toSeconds(form.escalateAfterMin), toIds: [...form.escalateToIds] }
      : null,
  };
}

function isWithin(value: number, from: number, to: number): boolean {
  // NaN, an empty field, is within nothing
  return value >= from && value <= to;
}

function triggerFaults(form: RuleForm): RuleFaults {
  switch (form.kind) {
    case 'fence':
      return {
        ...(form.on.length === 0 ? { transitions: 'transitions' } : {}),
        ...(form.anyPlace || form.placeIds.length > 0 ? {} : { places: 'places' }),
        ...(!form.anyPlace && form.placeIds.length > MAX_PLACES ? { places: 'tooManyPlaces' } : {}),
      };
    case 'alarm':
      return form.alarms.length === 0 ? { alarms: 'alarms' } : {};
    case 'silent':
      return isWithin(form.silentMin, 1, WEEK_MIN) ? {} : { silent: 'silent' };
  }
}

function escalationFaults(form: RuleForm): RuleFaults {
  if (!form.escalates) return {};
  const { escalateAfterMin, escalateToIds } = form;
  return {
    ...(isWithin(escalateAfterMin, 0.5, DAY_MIN) ? {} : { escalateAfter: 'escalateAfter' }),
    ...(escalateToIds.length === 0 ? { escalateTo: 'escalateTo' } : {}),
    ...(escalateToIds.length > MAX_RECEIVERS ? { escalateTo: 'tooMany' } : {}),
  };
}

/** What is wrong with a form, in the order of its fields. `name` is the one that would be saved. */
export function ruleFaults(form: RuleForm, name: string): RuleFaults {
  return {
    ...(nameFault(name) === null ? {} : { name: 'name' }),
    ...triggerFaults(form),
    ...(form.everyone || form.groupIds.length > 0 ? {} : { groups: 'groups' }),
    ...(form.recipientIds.length > MAX_RECEIVERS ? { recipients: 'tooMany' } : {}),
    ...(form.webhookIds.length > MAX_RECEIVERS ? { webhooks: 'tooMany' } : {}),
    ...(isWithin(form.coolDownMin, 0, WEEK_MIN) ? {} : { coolDown: 'coolDown' }),
    ...escalationFaults(form),
  };
}

/** What is sent for a form without faults. */
export function toRuleBody(form: RuleForm, name: string): CreateRuleBody {
  return { name: name.trim(), enabled: form.enabled, ...ruleContent(form) };
}

/** A rule without its identity, to make it again after it was deleted. */
export function withoutIdentity(rule: RuleReply): CreateRuleBody {
  const { id: _id, version: _version, ...body } = rule;
  return body;
}

/** What somebody was filling in, as it is kept while they look elsewhere. */
export interface KeptRule {
  /** The rule as the edit found it; null for a new one. Saving over another version is a conflict to decide. */
  readonly base: RuleReply | null;
  readonly form: RuleForm;
}

/** Reads a kept draft of the rule with this number, null of a new one; null when it is none of this release. */
export function readKeptRule(kept: unknown, ruleId: number | null): KeptRule | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { base, form } = kept as Partial<KeptRule>; // what is used of it is checked below
  if (base === undefined || (base?.id ?? null) !== ruleId) return null;
  if (typeof form !== 'object' || form === null) return null;
  const isWhole = Object.entries(OWN).every(([key, value]) => {
    const own: unknown = Reflect.get(form, key);
    if (typeof value === 'number') return own === null || typeof own === 'number';
    return typeof own === typeof value && Array.isArray(own) === Array.isArray(value);
  });
  if (!isWhole) return null;
  // JSON has no NaN: an empty field comes back as null
  const minutes = (value: number | null): number => value ?? Number.NaN;
  const { silentMin, coolDownMin, escalateAfterMin } = form;
  return {
    base,
    form: {
      ...form,
      silentMin: minutes(silentMin),
      coolDownMin: minutes(coolDownMin),
      escalateAfterMin: minutes(escalateAfterMin),
    },
  };
}
