/** How a customer wants to look, kept per customer. */
import type { TenantId } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../port.ts';
import { makeTenant, must, openTestStore } from '../testing.ts';
import { getSettings } from './get-settings.ts';
import { getLogo, setLogo } from './logo.ts';
import { updateSettings, type SettingsChange } from './update-settings.ts';

let postgres: TestPostgres;
let store: Store;
let north: TenantId;
let south: TenantId;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
  north = await makeTenant(store, 'north');
  south = await makeTenant(store, 'south');
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

const read = (tenantId: TenantId) => store.asTenant(tenantId, getSettings);
const change = (tenantId: TenantId, what: SettingsChange) =>
  store.asTenant(tenantId, (tenant) => updateSettings(tenant, what));

const SHIPPED = {
  brandName: null,
  brandColour: null,
  hasLogo: false,
  language: null,
  map: { kind: 'builtIn' },
};

describe('settings', () => {
  test('before the first change they are what we ship, with the name of the tenant', async () => {
    expect(await read(south)).toEqual({ version: 0, tenantName: 'south', ...SHIPPED });
  });

  test('a change keeps what it does not name, and is nobody else’s', async () => {
    must(await change(north, { brandName: 'Noord', brandColour: '#0b7681', language: 'nl' }));
    const map = { kind: 'file', file: 'utrecht.pmtiles' } as const;
    const after = must(await change(north, { map, language: null }));
    expect(after).toEqual({
      version: 2,
      tenantName: 'north',
      brandName: 'Noord',
      brandColour: '#0b7681',
      hasLogo: false,
      language: null,
      map,
    });
    expect(await read(north)).toEqual(after);
    expect(await read(south)).toEqual({ version: 0, tenantName: 'south', ...SHIPPED });
  });

  test('of two changes from the same version one is refused', async () => {
    const { version } = await read(north);
    const both = await Promise.all([
      change(north, { brandName: 'One', ifVersion: version }),
      change(north, { brandName: 'Two', ifVersion: version }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toEqual({
      ok: false,
      error: { code: 'SETTINGS_CHANGED', version: version + 1 },
    });
  });

  test('a logo comes back byte by byte with its version, and can be taken away', async () => {
    const bytes = Buffer.from([0x89, 0x50, 0, 0xff]);
    const { version, hasLogo } = await store.asTenant(south, (tenant) =>
      setLogo(tenant, { bytes, type: 'image/png' }),
    );
    expect(hasLogo).toBe(true);
    expect(await store.asTenant(south, getLogo)).toEqual({ bytes, type: 'image/png', version });
    expect(await store.asTenant(north, getLogo)).toBeNull();
    await store.asTenant(south, (tenant) => setLogo(tenant, null));
    expect(await store.asTenant(south, getLogo)).toBeNull();
    expect(await read(south)).toMatchObject({ version: version + 1, hasLogo: false });
  });
});
