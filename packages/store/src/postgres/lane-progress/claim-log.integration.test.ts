import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../port.ts';
import { openTestStore } from '../testing.ts';
import { claimLog } from './claim-log.ts';

let postgres: TestPostgres;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

test('of several logs one is first, and the database stays with it', async () => {
  const claim = (identity: string) => store.asSystem((system) => claimLog(system, identity));
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map(claim));
  const [first = ''] = answers;
  expect(['a', 'b', 'c', 'd']).toContain(first);
  expect(answers).toEqual([first, first, first, first]);
  expect(await claim('e')).toBe(first);
  expect(await claim(first)).toBe(first);
});
