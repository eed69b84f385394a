/** Rules as people read them: one sentence, in the language of the words that are handed in. */
import type { CreateRuleBody } from '@followme/contracts';
import { spanWords } from '../../format/span.ts';
import type { Messages } from '../../messages/en.ts';

/** What a sentence is made of: a rule, or a form that may not be complete yet. */
export type RuleContent = Omit<CreateRuleBody, 'name' | 'enabled'>;

/** Finds the names behind ids; null for what is not there any more. */
export interface RuleNames {
  readonly group: (id: number) => string | null;
  readonly place: (id: number) => string | null;
  readonly person: (id: number) => string | null;
  readonly webhook: (id: number) => string | null;
}

/** The words it is told with. */
export type SentenceWords = Pick<Messages, 'rules' | 'time'>;

type Parts = Messages['rules']['sentence'];

/** More names than this make a sentence nobody reads. */
const MAX_NAMED = 3;

/** Isolates a name from the direction of the text around it (Unicode FSI and PDI). */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}

/** The text without those marks, for what is saved as a name. */
export function withoutIsolates(text: string): string {
  return text.replace(/[\u2068\u2069]/gu, '');
}

interface Naming {
  readonly name: (id: number) => string | null;
  readonly gone: string;
  readonly join: (items: readonly string[]) => string;
}

/** Up to three names, and how many more there are. */
function named(ids: readonly number[], { name, gone, join }: Naming, parts: Parts): string {
  if (ids.length === 0) return parts.nothingChosen;
  const shown = ids.length > MAX_NAMED ? ids.slice(0, MAX_NAMED - 1) : ids;
  const names = shown.map((id) => name(id) ?? gone);
  const more = ids.length - shown.length;
  return join(more > 0 ? [...names, parts.others(more)] : names);
}

function whoOf({ groupIds }: RuleContent, names: RuleNames, parts: Parts): string {
  if (groupIds === null) return parts.anyTracker;
  const naming = { name: names.group, gone: parts.goneGroup, join: parts.choice };
  return parts.trackerOf(named(groupIds, naming, parts));
}

function crossingOf(
  trigger: Extract<RuleContent['trigger'], { kind: 'fence' }>,
  names: RuleNames,
  parts: Parts,
): string {
  const naming = { name: names.place, gone: parts.gonePlace, join: parts.choice };
  const place = trigger.fenceIds === null ? parts.anyPlace : named(trigger.fenceIds, naming, parts);
  const enters = trigger.on.includes('enter');
  const leaves = trigger.on.includes('exit');
  if (enters && leaves) return parts.entersOrLeaves(place);
  if (enters) return parts.enters(place);
  return leaves ? parts.leaves(place) : parts.doesSomething(place);
}

function whatOf({ trigger }: RuleContent, names: RuleNames, words: SentenceWords): string {
  const parts = words.rules.sentence;
  switch (trigger.kind) {
    case 'fence':
      return crossingOf(trigger, names, parts);
    case 'alarm': {
      const alarms = trigger.alarms.map((alarm) => parts.alarm[alarm]);
      return parts.reports(alarms.length === 0 ? parts.nothingChosen : parts.choice(alarms));
    }
    case 'silent':
      return parts.silentFor(
        Number.isFinite(trigger.afterS) && trigger.afterS > 0
          ? spanWords(trigger.afterS, words.time)
          : parts.nothingChosen,
      );
  }
}

function thenOf(rule: RuleContent, names: RuleNames, parts: Parts): string {
  const people = { name: names.person, gone: parts.gonePerson, join: parts.list };
  const webhooks = { name: names.webhook, gone: parts.goneWebhook, join: parts.list };
  return [
    parts.alert[rule.severity],
    ...(rule.recipientIds.length > 0
      ? [parts.mailTo(named(rule.recipientIds, people, parts))]
      : []),
    ...(rule.webhookIds.length > 0 ? [parts.calls(named(rule.webhookIds, webhooks, parts))] : []),
  ].join(', ');
}

/** When, who, how loud and whom it tells: `When a tracker of Night patrol enters Depot: high alert, mail to Daan.` */
export function ruleSentence(rule: RuleContent, names: RuleNames, words: SentenceWords): string {
  const parts = words.rules.sentence;
  return parts.whole(
    whoOf(rule, names, parts),
    whatOf(rule, names, words),
    thenOf(rule, names, parts),
  );
}

/** What else holds: the cool-down when it sends anything, and the escalation. Empty when nothing does. */
export function ruleConditions(
  rule: RuleContent,
  names: RuleNames,
  words: SentenceWords,
): readonly string[] {
  const parts = words.rules.sentence;
  const sends = rule.recipientIds.length > 0 || rule.webhookIds.length > 0;
  const { escalation, coolDownS } = rule;
  const people = { name: names.person, gone: parts.gonePerson, join: parts.list };
  return [
    ...(sends && coolDownS > 0 ? [parts.coolDown(spanWords(coolDownS, words.time))] : []),
    ...(escalation === null
      ? []
      : [
          parts.escalation(
            Number.isFinite(escalation.afterS)
              ? spanWords(escalation.afterS, words.time)
              : parts.nothingChosen,
            named(escalation.toIds, people, parts),
          ),
        ]),
  ];
}

/** A name for a rule that has none yet, from what sets it off. */
export function suggestName(rule: RuleContent, names: RuleNames, words: SentenceWords): string {
  const { suggested, alarms } = words.rules;
  const { trigger } = rule;
  switch (trigger.kind) {
    case 'fence': {
      const [first, ...more] = trigger.fenceIds ?? [];
      const place =
        first === undefined
          ? suggested.place
          : more.length > 0
            ? suggested.places(more.length + 1)
            : (names.place(first) ?? suggested.place);
      if (trigger.on.length === 2) return suggested.both(place);
      const [on] = trigger.on;
      return on === undefined ? suggested.fallback : suggested[on](place);
    }
    case 'alarm': {
      const [first] = trigger.alarms;
      if (first === undefined) return suggested.fallback;
      return trigger.alarms.map((alarm) => alarms[alarm]).join(', ');
    }
    case 'silent':
      return trigger.afterS > 0
        ? suggested.silent(spanWords(trigger.afterS, words.time))
        : suggested.fallback;
  }
}
