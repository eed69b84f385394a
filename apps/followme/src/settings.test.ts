import { describe, expect, test } from 'vitest';
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

  test.each([
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
