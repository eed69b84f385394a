import { describe, expect, test } from 'vitest';
import { describeAddress, parseJetStreamAddress, type JetStreamAddress } from './address.ts';

function parsed(text: string): JetStreamAddress {
  const result = parseJetStreamAddress(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function refusal(text: string): string {
  const result = parseJetStreamAddress(text);
  return result.ok ? 'accepted' : result.error;
}

describe('the address of a log on NATS', () => {
  test('is a host; port, name, login and settings have defaults', () => {
    expect(parsed('nats://bus')).toEqual({
      servers: ['bus:4222'],
      isTls: false,
      login: { kind: 'none' },
      name: 'followme',
      replicas: null,
      maxBytes: null,
      monitorUrl: null,
      tlsFiles: { ca: null, cert: null, key: null },
    });
  });

  test('names several servers, also by address, and the log', () => {
    const { servers, name, isTls } = parsed('tls://a:4223,b,[::1]:7000/north_2');
    expect([servers, name, isTls]).toEqual([['a:4223', 'b:4222', '[::1]:7000'], 'north_2', true]);
  });

  test.each([
    ['nats://ann:p%40ss%3Aword@bus', { kind: 'password', user: 'ann', password: 'p@ss:word' }],
    ['nats://s3cret@bus', { kind: 'token', token: 's3cret' }],
    ['nats://bus?creds=/run/bus.creds', { kind: 'credentials', file: '/run/bus.creds' }],
  ])('logs in as %s says', (text, login) => {
    expect(parsed(text).login).toEqual(login);
  });

  test('carries the settings of the log', () => {
    const address = parsed(
      'nats://bus/x?replicas=3&max-bytes=5000000&monitor=http://bus:8222&ca=/ca.pem&cert=/c.pem&key=/k.pem',
    );
    expect(address).toMatchObject({
      replicas: 3,
      maxBytes: 5_000_000,
      monitorUrl: 'http://bus:8222',
      tlsFiles: { ca: '/ca.pem', cert: '/c.pem', key: '/k.pem' },
    });
  });

  test.each([
    ['http://bus', /must look like nats:\/\//],
    ['nats://', /must look like/],
    ['nats://bus:99999', /"bus:99999" is no server/],
    ['nats://a,,b', /"" is no server/],
    ['nats://bus/with.dot', /may hold letters/],
    ['nats://bus?replicas=2', /1, 3 or 5 replicas, got "2"/],
    ['nats://bus?max-bytes=10MB', /number of bytes, got "10MB"/],
    ['nats://bus?monitor=bus:8222', /like http:\/\/host:8222/],
    ['nats://bus?replica=3', /no setting "replica"/],
    ['nats://ann:secret@bus?creds=/x', /not both/],
    ['nats://%ZZ:secret@bus', /percent-encoded/],
  ])('%s is refused in one sentence', (text, sentence) => {
    expect(refusal(text)).toMatch(sentence);
    expect(refusal(text)).not.toContain('secret');
  });

  test('is told to people without its login', () => {
    expect(describeAddress(parsed('nats://ann:secret@a,b/north'))).toBe(
      'nats://a:4222,b:4222/north',
    );
  });
});
