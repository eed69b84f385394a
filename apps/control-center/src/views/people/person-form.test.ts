import {
  CreateUserBodySchema,
  MIN_PASSWORD_CHARS as CONTRACT_MIN,
  ROLES,
  type UserReply,
  UpdateUserBodySchema,
} from '@followme/contracts';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { en } from '../../messages/en.ts';
import { MIN_PASSWORD_CHARS, passwordErrors } from './password-form.ts';
import {
  emailFault,
  isLastAdministrator,
  newPersonForm,
  ROLE_ORDER,
  seesNothing,
  toCreateBody,
  toPersonForm,
  toUpdateBody,
} from './person-form.ts';

const daan: UserReply = {
  id: 2,
  name: 'Daan',
  email: 'daan@example.org',
  role: 'operator',
  seesAll: false,
  groupIds: [4],
  disabled: false,
};

test.each([
  ['', 'missing'],
  ['daan', 'form'],
  ['daan@', 'form'],
  ['@example.org', 'form'],
  ['daan @example.org', 'form'],
  ['daan@example..org', 'form'],
  [`${'d'.repeat(250)}@example.org`, 'tooLong'],
  [' daan@example.org ', null],
  ['daan+night@example.org', null],
  ['admin@followme.local', null],
])('the address %j is %s', (email, fault) => {
  expect(emailFault(email)).toBe(fault);
});

test('what is sent fits the contract, without blanks around it', () => {
  const form = { ...newPersonForm(false), name: ' Daan ', email: ' daan@example.org ' };
  expect(toCreateBody(form)).toEqual({
    name: 'Daan',
    email: 'daan@example.org',
    role: 'operator',
    seesAll: true,
    groupIds: [],
  });
  expect(Check(CreateUserBodySchema, toCreateBody(form))).toBe(true);
  expect(Check(UpdateUserBodySchema, toUpdateBody(toPersonForm(daan)))).toBe(true);
});

test('an administrator always sees everything', () => {
  expect(toUpdateBody({ ...toPersonForm(daan), role: 'administrator' }).seesAll).toBe(true);
  expect(seesNothing({ ...toPersonForm(daan), groupIds: [] })).toBe(true);
  expect(seesNothing({ ...toPersonForm(daan), groupIds: [], role: 'administrator' })).toBe(false);
  expect(seesNothing(toPersonForm(daan))).toBe(false);
});

test('the last administrator is the only one left who may log in', () => {
  const admin = { ...daan, id: 1, role: 'administrator' } as const;
  const blocked = { ...admin, id: 3, disabled: true };
  expect(isLastAdministrator([admin, daan, blocked], 1)).toBe(true);
  expect(isLastAdministrator([admin, daan, { ...blocked, disabled: false }], 1)).toBe(false);
  expect(isLastAdministrator([admin, daan], 2)).toBe(false);
});

test('every role of the contract is offered', () => {
  expect(ROLE_ORDER).toEqual(ROLES);
});

test('a new password is long enough and another one', () => {
  expect(MIN_PASSWORD_CHARS).toBe(CONTRACT_MIN);
  const words = en.people;
  expect(passwordErrors({ current: '', next: 'short' }, words)).toEqual({
    current: words.currentMissing,
    next: words.nextShort(10, 5),
  });
  const same = { current: 'a long sentence', next: 'a long sentence' };
  expect(passwordErrors(same, words).next).toBe(words.nextSame);
  expect(passwordErrors({ current: 'old', next: 'x'.repeat(1_001) }, words).next).toBe(
    words.nextLong,
  );
  expect(passwordErrors({ current: 'old', next: 'a long sentence' }, words)).toEqual({
    current: undefined,
    next: undefined,
  });
});

test('somebody new sees chosen groups where there are groups, and else everything', () => {
  expect(newPersonForm(true)).toMatchObject({ seesAll: false, groupIds: [] });
  expect(newPersonForm(false)).toMatchObject({ seesAll: true, groupIds: [] });
});
