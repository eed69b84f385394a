import { describe, expect, test } from 'vitest';
import { MIN_PASSWORD_CHARS as CONTRACT_MIN } from '@followme/contracts';
import { MIN_PASSWORD_CHARS } from './first-login-wish.ts';
import { readSettings } from './settings.ts';

describe('settings', () => {
  test('without flags and environment: this machine only, port 8080, ./data, every role', () => {
    const settings = readSettings({}, {});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      devicePorts: 50010,
      storeUrl: null,
    });
    expect(settings.dataFolder).toBe(`${process.cwd()}/data`);
    expect([...settings.roles]).toEqual(['tracker', 'geofence', 'notification', 'client']);
  });

  test('a flag wins over the environment', () => {
    expect(readSettings({ port: '9000' }, { PORT: '7000' }).port).toBe(9000);
    expect(readSettings({}, { PORT: '7000', DATA: '/srv/followme' })).toMatchObject({
      port: 7000,
      dataFolder: '/srv/followme',
    });
  });

  test('street maps are in the data folder unless another folder is named', () => {
    expect(readSettings({ data: '/srv/followme' }, {}).mapsFolder).toBe('/srv/followme/maps');
    expect(readSettings({ data: '/srv/followme' }, { FOLLOWME_MAPS: '/srv/maps' }).mapsFolder).toBe(
      '/srv/maps',
    );
    expect(readSettings({ maps: '/mnt/maps' }, { FOLLOWME_MAPS: '/srv/maps' }).mapsFolder).toBe(
      '/mnt/maps',
    );
  });

  test('engines by address: no folder of maps unless one is named, and an ops port without the client role', () => {
    const env = { FOLLOWME_LOG: 'nats://a:4222,b', STORE: 'postgres://db/followme' };
    expect(readSettings({ roles: 'tracker' }, env)).toMatchObject({
      logUrl: 'nats://a:4222,b',
      storeUrl: 'postgres://db/followme',
      mapsFolder: null,
      opsPort: 8081,
    });
    expect(readSettings({}, env)).toMatchObject({ opsPort: null, mapsFolder: null });
    expect(readSettings({ maps: '/srv/maps' }, env).mapsFolder).toBe('/srv/maps');
    expect(readSettings({ data: '/srv/followme' }, env).mapsFolder).toBe('/srv/followme/maps');
    expect(readSettings({ opsPort: '0', drainDelay: '10' }, env)).toMatchObject({
      opsPort: 0,
      drainDelayMs: 10_000,
    });
  });

  test('the first login is chosen in the environment, where no list of processes shows it', () => {
    const env = { FOLLOWME_ADMIN_EMAIL: 'boss@example.org', FOLLOWME_ADMIN_PASSWORD: '0123456789' };
    expect(readSettings({}, env).firstLogin).toEqual({
      email: 'boss@example.org',
      password: '0123456789',
    });
    expect(readSettings({}, {}).firstLogin).toEqual({ email: null, password: null });
    expect(() => readSettings({}, { FOLLOWME_ADMIN_EMAIL: 'boss' })).toThrow('ADMIN_EMAIL');
    const short = 'p'.repeat(CONTRACT_MIN - 1);
    expect(() => readSettings({}, { FOLLOWME_ADMIN_PASSWORD: short })).toThrow('ADMIN_PASSWORD');
    expect(MIN_PASSWORD_CHARS).toBe(CONTRACT_MIN);
  });

  test.each([
    [{ log: 'nats://a' }, '--store'],
    [{ log: 'redis://a', store: 'postgres://db/x' }, '--log'],
    [{ opsPort: '-1' }, '--ops-port'],
    [{ drainDelay: '601' }, '--drain-delay'],
    [{ port: '99999' }, '--port'],
    [{ port: '80a' }, '--port'],
    [{ devicePorts: '-1' }, '--device-ports'],
    [{ roles: 'tracker,chef' }, '--roles'],
    [{ roles: '' }, '--roles'],
    [{ store: 'mysql://x' }, '--store'],
    [{ logLevel: 'loud' }, '--log-level'],
  ])('refuses %j and names the flag', (flags, name) => {
    expect(() => readSettings(flags, {})).toThrow(name);
  });
});
