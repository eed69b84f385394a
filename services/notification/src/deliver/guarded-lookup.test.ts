import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { createGuardedLookup, type ResolveAll } from './guarded-lookup.ts';

/** What a connection would be made to; the code of the error when to nothing. */
function lookUp(
  addresses: readonly string[],
  options: { all?: boolean } = {},
): Promise<string | LookupAddress[]> {
  const resolve: ResolveAll = (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  return new Promise((settle) => {
    createGuardedLookup(resolve)('hooks.example', options, (error, found) =>
      settle(error === null ? found : String(error.code)),
    );
  });
}

describe('NT24 a name leads', () => {
  test('to its public addresses', async () => {
    expect(await lookUp(['8.8.8.8', '8.8.4.4'])).toBe('8.8.8.8');
    expect(await lookUp(['8.8.8.8'], { all: true })).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });
  test('never to those that are not, also beside public ones', async () => {
    expect(await lookUp(['10.0.0.1', '2606:4700::1', '::1'])).toBe('2606:4700::1');
    expect(await lookUp(['10.0.0.1', '8.8.8.8', '::1'], { all: true })).toEqual([
      { address: '8.8.8.8', family: 4 },
    ]);
  });
  test('nowhere when none is public', async () => {
    expect(await lookUp(['127.0.0.1', '169.254.169.254'])).toBe('EPRIVATE');
    expect(await lookUp([])).toBe('EPRIVATE');
  });
});

test('a name that is not known passes its error on', async () => {
  const resolve: ResolveAll = (_host, _options, done) =>
    done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
  const code = await new Promise((settle) => {
    createGuardedLookup(resolve)('x.example', {}, (error) => settle(error?.code));
  });
  expect(code).toBe('ENOTFOUND');
});
