import { trustedId, type TenantId } from '@followme/model';
import { expect, test } from 'vitest';
import { createSeats, TENANT_SHARE } from './seats.ts';

const ours = trustedId<TenantId>(1);
const theirs = trustedId<TenantId>(2);

test('one customer takes so many seats of a process and no more; others find one', () => {
  const seats = createSeats(10);
  const taken = Array.from({ length: 12 }, () => seats.take(ours));
  expect(taken.filter((standUp) => standUp !== null)).toHaveLength(10 * TENANT_SHARE);
  expect(seats.take(theirs)).not.toBeNull();
});

test('a seat given back is free once, however often it is given back', () => {
  const seats = createSeats(1);
  const standUp = seats.take(ours);
  expect(seats.take(ours)).toBeNull();
  standUp?.();
  standUp?.();
  const next = seats.take(ours);
  standUp?.();
  expect(next).not.toBeNull();
  expect(seats.take(ours)).toBeNull();
});
