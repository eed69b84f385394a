import { ALARMS } from '@followme/model';
import { CreateRuleBodySchema, SEVERITIES, type RuleReply } from '@followme/contracts';
import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  ALARM_NAMES,
  isRuleTemplate,
  newRuleForm,
  readKeptRule,
  type RuleForm,
  ruleFaults,
  type RuleTemplate,
  SEVERITY_LADDER,
  toRuleBody,
  toRuleForm,
  withoutIdentity,
} from './rule-form.ts';

const complete: RuleForm = { ...newRuleForm('own'), on: ['enter'], placeIds: [3] };

const rule: RuleReply = {
  id: 7,
  name: 'Night at the depot',
  enabled: false,
  severity: 'critical',
  trigger: { kind: 'fence', fenceIds: [3], on: ['enter', 'exit'] },
  groupIds: [1, 2],
  recipientIds: [5],
  webhookIds: [6],
  coolDownS: 90,
  escalation: { afterS: 30, toIds: [8] },
  version: 4,
};

describe('the form of a rule', () => {
  test('what was read is what is sent', () => {
    const { id: _id, version: _version, ...body } = rule;
    expect(toRuleBody(toRuleForm(rule), rule.name)).toEqual(body);
  });

  test.each<RuleTemplate>(['leaves', 'battery', 'silent', 'sos'])(
    'the template %s can be saved as it is, and the server takes it',
    (template) => {
      const form = newRuleForm(template);
      expect(ruleFaults(form, 'Rule')).toEqual({});
      expect(Check(CreateRuleBodySchema, toRuleBody(form, 'Rule'))).toBe(true);
    },
  );

  test('a rule of your own starts with what and where still to be chosen', () => {
    expect(ruleFaults(newRuleForm('own'), 'Rule')).toEqual({
      transitions: 'transitions',
      places: 'places',
    });
  });

  test.each<[string, Partial<RuleForm>, object]>([
    ['no transition', { on: [] }, { transitions: 'transitions' }],
    ['no place', { placeIds: [] }, { places: 'places' }],
    [
      'too many places',
      { placeIds: Array.from({ length: 1_001 }, (_, i) => i + 1) },
      { places: 'tooManyPlaces' },
    ],
    ['no alarm', { kind: 'alarm' }, { alarms: 'alarms' }],
    ['an empty time of silence', { kind: 'silent', silentMin: Number.NaN }, { silent: 'silent' }],
    ['silence beyond a week', { kind: 'silent', silentMin: 10_081 }, { silent: 'silent' }],
    ['no group', { everyone: false }, { groups: 'groups' }],
    ['a cool-down below zero', { coolDownMin: -1 }, { coolDown: 'coolDown' }],
    ['nobody to escalate to', { escalates: true }, { escalateTo: 'escalateTo' }],
    [
      'an escalation after a day',
      { escalates: true, escalateToIds: [1], escalateAfterMin: 1_441 },
      { escalateAfter: 'escalateAfter' },
    ],
    [
      'more receivers than one rule may have',
      { recipientIds: Array.from({ length: 201 }, (_, i) => i + 1) },
      { recipients: 'tooMany' },
    ],
  ])('is refused at its field: %s', (_what, part, faults) => {
    expect(ruleFaults({ ...complete, ...part }, 'Rule')).toEqual(faults);
  });

  test('a blank name is refused, blanks around a name are cut off', () => {
    expect(ruleFaults(complete, '   ')).toEqual({ name: 'name' });
    expect(toRuleBody(complete, '  Depot ').name).toBe('Depot');
  });

  test('going to another trigger and back loses nothing', () => {
    const there: RuleForm = { ...complete, kind: 'silent' };
    const back: RuleForm = { ...there, kind: 'fence' };
    expect(toRuleBody(there, 'A').trigger).toEqual({ kind: 'silent', afterS: 1800 });
    expect(toRuleBody(back, 'A').trigger).toEqual({ kind: 'fence', fenceIds: [3], on: ['enter'] });
  });

  test('a deleted rule is made again as it was', () => {
    expect(Check(CreateRuleBodySchema, withoutIdentity(rule))).toBe(true);
    expect(withoutIdentity(rule)).not.toHaveProperty('version');
  });

  test('every alarm and every severity of the contract is offered', () => {
    expect([...ALARM_NAMES].sort()).toEqual(ALARMS.filter((alarm) => alarm !== 'none').sort());
    expect(SEVERITY_LADDER).toEqual(SEVERITIES);
  });

  test('only templates are templates', () => {
    expect(isRuleTemplate('battery')).toBe(true);
    expect(isRuleTemplate('toString')).toBe(false);
    expect(isRuleTemplate(null)).toBe(false);
  });
});

describe('a rule that is kept while one looks elsewhere', () => {
  const again = (kept: unknown): unknown => JSON.parse(JSON.stringify(kept));

  test('comes back as it was, an empty field of minutes too', () => {
    const form = { ...toRuleForm(rule), silentMin: Number.NaN };
    expect(readKeptRule(again({ base: rule, form }), 7)).toEqual({ base: rule, form });
    expect(readKeptRule(again({ base: null, form: complete }), null)?.form).toEqual(complete);
  });

  test.each([
    ['of another rule', { base: { ...rule, id: 8 }, form: complete }],
    ['of a new rule', { base: null, form: complete }],
    ['of another release', { base: rule, form: { name: 'x' } }],
    ['without a form', { base: rule }],
    ['nothing', null],
  ])('is not taken for this one: %s', (_what, kept) => {
    expect(readKeptRule(again(kept), 7)).toBeNull();
  });
});
