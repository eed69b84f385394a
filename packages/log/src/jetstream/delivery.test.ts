import { expect, test } from 'vitest';
import { parseDelivery } from './delivery.ts';

const expected = {
  consumer: 'reader-1',
  sequence: 42,
  deliveryNumber: 7,
  storedTimeMs: 1_795_387_096_492,
};

test.each([
  ['of 2.9', '$JS.ACK.x-positions.reader-1.1.42.7.1795387096492225491.3'],
  ['with a domain', '$JS.ACK.hub.ACCOUNT.x-positions.reader-1.1.42.7.1795387096492225491.3.token'],
  ['with an account', '$JS.ACK._.ACCOUNT.x-positions.reader-1.1.42.7.1795387096492225491.3'],
])('the reply address %s is read', (_, reply) => {
  expect(parseDelivery(reply)).toEqual(expected);
});

test.each([
  '',
  '_INBOX.abc.1',
  '$JS.FC.x-positions.reader-1.abc',
  '$JS.ACK.x-positions.reader-1.1.42',
  '$JS.ACK.x-positions.reader-1.1.none.7.1795387096492225491.3',
])('"%s" is no delivery', (reply) => {
  expect(parseDelivery(reply)).toBeNull();
});
