import { expect, test } from 'vitest';
import { createLocalPorts } from './local-ports.ts';

test('on Linux towards the loopback, ports lie below the ephemeral range and addresses above 127.0.0.1', () => {
  const ports = createLocalPorts('linux', '127.0.0.1', 0.999_999);
  const seen = new Set<string>();
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let i = 0; i < 50_000; i += 1) {
    const { localAddress = '', localPort = 0 } = ports.next();
    lowest = Math.min(lowest, localPort);
    highest = Math.max(highest, localPort);
    seen.add(`${localAddress}:${localPort}`);
  }
  expect(lowest).toBe(10_240);
  expect(highest).toBe(32_767);
  const hosts = new Set([...seen].map((end) => end.split(':')[0]));
  expect([...hosts].toSorted()).toEqual(['127.0.0.2', '127.0.0.254', '127.0.0.3', '127.0.0.4']);
  expect(seen.size).toBe(50_000);
});

test.each([
  ['linux', 'tracker.example'],
  ['linux', '192.0.2.7'],
  ['darwin', '127.0.0.1'],
])('on %s towards %s the system chooses', (platform, host) => {
  expect(createLocalPorts(platform, host, 0).next()).toEqual({});
});
