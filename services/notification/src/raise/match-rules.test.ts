import { trustedId } from '@followme/model';
import { describe, expect, test } from 'vitest';
import { crossingOf, FENCE, ruleOf, sosOf, TRACKER } from '../testing/sample.ts';
import { matchRules } from './match-rules.ts';
import type { Occurrence } from './occurrence.ts';
import type { Rule } from '@followme/store';

const keys = (
  occurrence: Occurrence,
  rules: readonly Rule[],
  groupIds: readonly number[] = [],
): readonly string[] =>
  matchRules(
    occurrence,
    rules,
    groupIds.map((id) => trustedId(id)),
  ).map(({ key }) => key);

const fenceRule = (fields: Partial<Extract<Rule['trigger'], { kind: 'fence' }>> = {}): Rule =>
  ruleOf({ trigger: { kind: 'fence', fenceIds: null, on: ['enter', 'exit'], ...fields } });

describe('NT1 a rule is set off by what its trigger names', () => {
  test.each([
    ['any fence', fenceRule(), ['r1:t7:f3:enter']],
    ['this fence', fenceRule({ fenceIds: [trustedId(9), FENCE] }), ['r1:t7:f3:enter']],
    ['another fence', fenceRule({ fenceIds: [trustedId(9)] }), []],
    ['the other direction', fenceRule({ on: ['exit'] }), []],
    ['an alarm', ruleOf(), []],
    ['silence', ruleOf({ trigger: { kind: 'silent', afterS: 60 } }), []],
  ])('an enter, by a rule about %s', (_, rule, expected) => {
    expect(keys(crossingOf('enter'), [rule])).toEqual(expected);
  });

  test('an alarm, by rules that list it', () => {
    const tamper = sosOf({ cause: { kind: 'alarm', alarm: 'tamper' } });
    const both = ruleOf({ trigger: { kind: 'alarm', alarms: ['fall', 'tamper'] } });
    expect(keys(tamper, [both, ruleOf({ ruleId: trustedId(2) }), fenceRule()])).toEqual([
      'r1:t7:tamper',
    ]);
  });

  test('a silence, by the one rule that was looked for', () => {
    const silent = ruleOf({ trigger: { kind: 'silent', afterS: 60 } });
    const other = ruleOf({ ruleId: trustedId(2), trigger: { kind: 'silent', afterS: 60 } });
    const occurrence = sosOf({ cause: { kind: 'silent', ruleId: trustedId(2) } });
    expect(keys(occurrence, [silent, other])).toEqual(['r2:t7:silent']);
  });
});

describe('NT1 a rule is for', () => {
  const rule = ruleOf({ ...fenceRule(), groupIds: [trustedId(4), trustedId(5)] });
  test('trackers of one of its groups', () => {
    expect(keys(crossingOf('exit'), [rule], [5])).toEqual(['r1:t7:f3:exit']);
    expect(keys(crossingOf('exit'), [rule], [6])).toEqual([]);
    expect(keys(crossingOf('exit'), [rule])).toEqual([]);
  });
  test('nobody when it names no group', () => {
    expect(keys(crossingOf('exit'), [{ ...rule, groupIds: [] }], [4, 5])).toEqual([]);
  });
  test('nobody while disabled, and never for another tenant', () => {
    expect(keys(crossingOf('exit'), [{ ...fenceRule(), enabled: false }])).toEqual([]);
    expect(keys(crossingOf('exit'), [{ ...fenceRule(), tenantId: trustedId(2) }])).toEqual([]);
  });
});

test('NT1 each rule has its own card, in the order of rules', () => {
  const rules = [3, 1, 2].map((id) => ruleOf({ ...fenceRule(), ruleId: trustedId(id) }));
  expect(keys(crossingOf('enter'), rules)).toEqual([
    'r1:t7:f3:enter',
    'r2:t7:f3:enter',
    'r3:t7:f3:enter',
  ]);
});

describe('NT4 an SOS', () => {
  test('without a rule has a card without one', () => {
    expect(keys(sosOf(), [])).toEqual([`sos:t${TRACKER}`]);
    expect(keys(sosOf(), [fenceRule()])).toEqual([`sos:t${TRACKER}`]);
  });
  test('with rules has their cards and no other', () => {
    expect(keys(sosOf(), [ruleOf(), ruleOf({ ruleId: trustedId(2) })])).toEqual([
      'r1:t7:sos',
      'r2:t7:sos',
    ]);
  });
  test('is not silenced by a rule that asks nobody', () => {
    expect(keys(sosOf(), [ruleOf({ severity: 'info' })])).toEqual(['r1:t7:sos', 'sos:t7']);
  });
  test('alone has such a card: no other alarm does', () => {
    expect(keys(sosOf({ cause: { kind: 'alarm', alarm: 'fall' } }), [])).toEqual([]);
  });
});
