import { expect, test } from 'vitest';
import { addressSms, intervalSms, isOwnMachine } from './meitrack-sms.ts';

test('the message that sets server and port names TCP and leaves the operator to fill in', () => {
  const words = { apn: 'APN', user: 'USER', password: 'PASSWORD' };
  expect(addressSms('track.example.org', 50012, words)).toBe(
    '0000,A21,1,track.example.org,50012,APN,USER,PASSWORD',
  );
});

test('intervals are told in tens of seconds', () => {
  expect(intervalSms(30)).toBe('0000,A12,3');
  expect(intervalSms(60)).toBe('0000,A12,6');
});

test.each(['localhost', '127.0.0.1', '127.8.0.1', '::1', '[::1]', 'demo.localhost'])(
  '%s is only this machine',
  (host) => expect(isOwnMachine(host)).toBe(true),
);

test.each(['track.example.org', '192.168.1.5', '128.0.0.1', 'localhost.example.org'])(
  '%s can be reached by others',
  (host) => expect(isOwnMachine(host)).toBe(false),
);
