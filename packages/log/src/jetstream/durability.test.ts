import { expect, test } from 'vitest';
import { durabilitySentence } from './durability.ts';

test('one replica on a server that syncs lazily says what a loss of power takes', () => {
  expect(durabilitySentence('2.9.10', 1, { kind: 'every', interval: 'minute' })).toBe(
    'What the log acknowledged survives a kill of any process; a loss of power may take back the last minute ' +
      '(nats-server 2.9.10 syncs its disk no more often).',
  );
});

test('one replica that is synced always survives a loss of power', () => {
  expect(durabilitySentence('2.15.1', 1, { kind: 'always' })).toBe(
    'What the log acknowledged survives a kill of any process, and a loss of power as far as the disks keep ' +
      'what was synced (nats-server 2.15.1, sync_interval always).',
  );
});

test('three replicas survive the loss of one server; what is not known is said', () => {
  expect(durabilitySentence('2.12.0', 3, { kind: 'unknown' })).toMatch(
    /^What the log acknowledged lies on 2 of 3 servers and survives the loss of 1; a loss of power on all of them at once may take back the last two minutes unless .* not known here: add \?monitor=/,
  );
});
