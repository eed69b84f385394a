import { describe, expect, test } from 'vitest';
import { checkWebhookUrl, isPublicAddress } from './network-policy.ts';

const strict = { allowPrivate: false };

describe('an address may be called', () => {
  test.each([
    'https://hooks.example.com/in?x=1',
    'http://hooks.example.com:8080/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://[2000::1]/',
    'https://[3ffe:ffff::1]/',
    'https://[::ffff:8.8.8.8]/',
  ])('%s', (url) => {
    expect(checkWebhookUrl(url, strict)).toBeNull();
  });
});

describe('NT24 an address that is not public is refused in every spelling', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://100.64.0.1/',
    'http://100.100.100.200/latest',
    'http://169.254.169.254/latest/meta-data',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[::ffff:0:a9fe:a9fe]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::1]/',
    'http://[100::1]/',
    'http://[1fff:ffff::1]/',
    'http://[4000::1]/',
    'http://[5f00::1]/',
    'http://[fec0::1]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[ff02::1]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://printer.localhost/',
  ])('%s', (url) => {
    expect(checkWebhookUrl(url, strict)).toBe('privateAddress');
    expect(checkWebhookUrl(url, { allowPrivate: true })).toBeNull();
  });
});

test('what is no web address, or carries a password, is refused whatever the policy', () => {
  for (const allowPrivate of [true, false]) {
    expect(checkWebhookUrl('nonsense', { allowPrivate })).toBe('malformed');
    expect(checkWebhookUrl('http://', { allowPrivate })).toBe('malformed');
    expect(checkWebhookUrl('ftp://files.example/', { allowPrivate })).toBe('notHttp');
    expect(checkWebhookUrl('https://a:b@hooks.example/', { allowPrivate })).toBe('credentials');
  }
});

test('NT24 the neighbours of private networks are public', () => {
  const edges = ['9.255.255.255', '11.0.0.0', '126.255.255.255', '128.0.0.0', '172.15.255.255'];
  expect([...edges, '172.32.0.0', '169.253.255.255', '100.128.0.0'].map(isPublicAddress)).toEqual(
    Array.from({ length: 8 }, () => true),
  );
  expect(isPublicAddress('hooks.example')).toBe(false);
  expect(isPublicAddress('::ffff:8.8.8.8')).toBe(true);
});
