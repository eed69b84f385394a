import { expect, test } from 'vitest';
import { ROLES } from '@followme/contracts';
import { type Action, can } from './session-context.ts';

function allowed(action: Action, isProvider = false): readonly string[] {
  return ROLES.filter((role) =>
    can(
      {
        user: { id: 1, name: 'Daan', email: 'daan@example.com', role },
        tenant: { id: 1, name: 'Merel', isProvider },
      },
      action,
    ),
  );
}

test('administrators and operators handle alerts and see what was sent', () => {
  expect(allowed('handleAlerts')).toEqual(['administrator', 'operator']);
  expect(allowed('seeDeliveries')).toEqual(['administrator', 'operator']);
});

test('only administrators change people, places and rules', () => {
  expect(allowed('manage')).toEqual(['administrator']);
});

test('only administrators of the provider change the installation', () => {
  expect(allowed('provide')).toEqual([]);
  expect(allowed('provide', true)).toEqual(['administrator']);
});
