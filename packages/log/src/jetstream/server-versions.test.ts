import { describe, expect, test } from 'vitest';
import { cautionOf, isVersionAtLeast, lazySyncOf, unfitVersion } from './server-versions.ts';

describe('versions of the server', () => {
  test.each([
    ['2.9.10', '2.9.10', true],
    ['2.9.9', '2.9.10', false],
    ['2.10.0', '2.9.10', true],
    ['2.15.1-beta.3', '2.12.0', true],
    ['1.99.99', '2.0.0', false],
  ])('%s is at least %s: %s', (version, least, isIt) => {
    expect(isVersionAtLeast(version, least)).toBe(isIt);
  });

  test.each(['2.9.10', '2.9.25', '2.10.27', '2.15.1', '3.0.0'])('%s is fit', (version) => {
    expect(unfitVersion(version)).toBeNull();
  });

  test('one that is too old is refused with what to install', () => {
    expect(unfitVersion('2.8.4')).toBe(
      'nats-server 2.8.4 is too old for the log: install 2.9.10 or newer.',
    );
    expect(unfitVersion('')).toMatch(/says nothing; nats-server 2\.9\.10 or newer/);
  });

  test('only from 2.10 on a server can be told to sync before it acknowledges', () => {
    expect(lazySyncOf('2.9.25')).toMatchObject({ interval: 'minute', canSyncAlways: false });
    expect(lazySyncOf('2.10.0')).toMatchObject({ interval: 'two minutes', canSyncAlways: true });
  });

  test('of a cluster that is too old it is said what it may lose, of one server not', () => {
    expect(cautionOf('2.9.10', 3)).toMatch(/2\.9\.10 may lose .*: update it to 2\.10\.27/);
    expect(cautionOf('2.10.27', 3)).toBeNull();
    expect(cautionOf('2.9.10', 1)).toBeNull();
  });
});
