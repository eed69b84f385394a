import { expect, test } from 'vitest';
import { type BusyAlerts, changeBusy } from './busy-alerts.ts';

test('the end of a deed ends its own mark only', () => {
  let busy: BusyAlerts = [];
  busy = changeBusy(busy, 1, true);
  busy = changeBusy(busy, 2, true);
  busy = changeBusy(busy, 1, false);
  expect(busy).toEqual([2]);
});

test('an alert with two deeds is busy until both have ended', () => {
  let busy = changeBusy(changeBusy([], 7, true), 7, true);
  busy = changeBusy(busy, 7, false);
  expect(busy).toEqual([7]);
  expect(changeBusy(busy, 7, false)).toEqual([]);
});
