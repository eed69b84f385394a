import { describe, expect, test } from 'vitest';
import { en } from '../../messages/en.ts';
import { nl } from '../../messages/nl.ts';
import {
  isolate,
  ruleConditions,
  type RuleContent,
  type RuleNames,
  ruleSentence,
  suggestName,
  withoutIsolates,
} from './rule-sentence.ts';

const named =
  (words: Readonly<Record<number, string>>) =>
  (id: number): string | null =>
    words[id] ?? null;

const names: RuleNames = {
  group: named({ 1: 'Night patrol', 2: 'Stewards' }),
  place: named({ 1: 'Depot', 2: 'Port', 3: 'Stadium', 4: 'Yard' }),
  person: named({ 1: 'Daan', 2: 'Iris' }),
  webhook: named({ 1: 'ERP' }),
};

const base: RuleContent = {
  severity: 'high',
  trigger: { kind: 'fence', fenceIds: [1], on: ['enter'] },
  groupIds: [1],
  recipientIds: [1],
  webhookIds: [],
  coolDownS: 900,
  escalation: null,
};

describe('a rule as a sentence', () => {
  test.each<[string, Partial<RuleContent>, string, string]>([
    [
      'who, a place, mail',
      {},
      'When a tracker of Night patrol enters Depot: high alert, mail to Daan.',
      'Als een tracker van Night patrol Depot binnengaat: hoge melding, mail aan Daan.',
    ],
    [
      'leaving any place, everybody',
      { groupIds: null, trigger: { kind: 'fence', fenceIds: null, on: ['exit'] } },
      'When a tracker leaves a place: high alert, mail to Daan.',
      'Als een tracker een plaats verlaat: hoge melding, mail aan Daan.',
    ],
    [
      'both ways, one of two groups, several people and a webhook',
      {
        groupIds: [1, 2],
        trigger: { kind: 'fence', fenceIds: [1, 2], on: ['enter', 'exit'] },
        recipientIds: [1, 2],
        webhookIds: [1],
        severity: 'critical',
      },
      'When a tracker of Night patrol or Stewards enters or leaves Depot or Port: critical alert, mail to Daan and Iris, call to ERP.',
      'Als een tracker van Night patrol of Stewards Depot of Port binnengaat of verlaat: kritieke melding, mail aan Daan en Iris, oproep aan ERP.',
    ],
    [
      'alarms',
      {
        groupIds: null,
        trigger: { kind: 'alarm', alarms: ['sos', 'lowBattery'] },
        recipientIds: [],
        severity: 'medium',
      },
      'When a tracker reports an SOS or low battery: medium alert.',
      'Als een tracker een SOS of een bijna lege batterij meldt: middelhoge melding.',
    ],
    [
      'silence',
      { groupIds: null, trigger: { kind: 'silent', afterS: 1800 }, recipientIds: [] },
      'When a tracker is silent for 30 min: high alert.',
      'Als een tracker 30 min geen signaal geeft: hoge melding.',
    ],
  ])('%s', (_what, part, english, dutch) => {
    const rule = { ...base, ...part };
    expect(ruleSentence(rule, names, en)).toBe(english);
    expect(ruleSentence(rule, names, nl)).toBe(dutch);
  });

  test('more than three names are counted, not listed', () => {
    const rule: RuleContent = {
      ...base,
      trigger: { kind: 'fence', fenceIds: [1, 2, 3, 4], on: ['enter'] },
    };
    expect(ruleSentence(rule, names, en)).toContain('enters Depot, Port, or 2 others:');
  });

  test('what was deleted is called so', () => {
    const rule: RuleContent = { ...base, groupIds: [9], recipientIds: [9] };
    expect(ruleSentence(rule, names, en)).toBe(
      'When a tracker of a deleted group enters Depot: high alert, mail to a deleted person.',
    );
  });

  test('what is not chosen yet is an ellipsis, so that a form can be read while it is filled in', () => {
    const rule: RuleContent = {
      ...base,
      groupIds: [],
      trigger: { kind: 'fence', fenceIds: [], on: [] },
    };
    expect(ruleSentence(rule, names, en)).toContain('a tracker of … … …:');
    const silent: RuleContent = { ...base, trigger: { kind: 'silent', afterS: Number.NaN } };
    expect(ruleSentence(silent, names, en)).toContain('is silent for …:');
  });
});

describe('what else holds', () => {
  test('a cool-down is only told when something is sent', () => {
    expect(ruleConditions(base, names, en)).toEqual([
      'At most one message in 15 min for a tracker.',
    ]);
    expect(ruleConditions({ ...base, recipientIds: [] }, names, en)).toEqual([]);
    expect(ruleConditions({ ...base, coolDownS: 0 }, names, en)).toEqual([]);
  });

  test('an escalation says when and to whom', () => {
    const rule = { ...base, coolDownS: 0, escalation: { afterS: 300, toIds: [2] } };
    expect(ruleConditions(rule, names, en)).toEqual([
      'When nobody answers within 5 min: mail to Iris.',
    ]);
    expect(ruleConditions(rule, names, nl)).toEqual([
      'Als niemand binnen 5 min antwoordt: mail aan Iris.',
    ]);
  });
});

describe('a suggested name', () => {
  test.each<[RuleContent['trigger'], string, string]>([
    [{ kind: 'fence', fenceIds: [1], on: ['enter'] }, 'Enters Depot', 'Gaat Depot binnen'],
    [{ kind: 'fence', fenceIds: null, on: ['exit'] }, 'Leaves a place', 'Verlaat een plaats'],
    [
      { kind: 'fence', fenceIds: [1, 2], on: ['enter', 'exit'] },
      'Enters or leaves 2 places',
      'Gaat 2 plaatsen in of uit',
    ],
    [{ kind: 'alarm', alarms: ['lowBattery'] }, 'Low battery', 'Batterij bijna leeg'],
    [{ kind: 'alarm', alarms: [] }, 'New rule', 'Nieuwe regel'],
    [{ kind: 'silent', afterS: 5400 }, 'Silent for 1 h 30', '1 u 30 geen signaal'],
  ])('%o', (trigger, english, dutch) => {
    expect(suggestName({ ...base, trigger }, names, en)).toBe(english);
    expect(suggestName({ ...base, trigger }, names, nl)).toBe(dutch);
  });

  test('is saved without the marks that keep directions apart', () => {
    expect(withoutIsolates(`Enters ${isolate('مستودع')}`)).toBe('Enters مستودع');
  });
});
