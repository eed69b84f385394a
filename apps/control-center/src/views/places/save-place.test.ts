import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../api/client.ts';
import { newestFence } from './save-place.ts';

afterEach(() => vi.unstubAllGlobals());
const answer = (response: () => Response) => vi.stubGlobal('fetch', async () => response());

test('a place that somebody deleted is null, and only that', async () => {
  answer(() => Response.json({ code: 'FENCE_NOT_FOUND' }, { status: 404 }));
  expect(await newestFence(7)).toBeNull();
});

test.each([
  ['no connection', () => Promise.reject(new TypeError('no answer'))],
  ['a server that is down', async () => new Response('', { status: 503 })],
  ['a session that has ended', async () => new Response('', { status: 401 })],
])('with %s nobody knows whether the place is gone', async (_what, fetch) => {
  vi.stubGlobal('fetch', fetch);
  await expect(newestFence(7)).rejects.toBeInstanceOf(ApiError);
});
