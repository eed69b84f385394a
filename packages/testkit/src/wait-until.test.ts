import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

describe('waitUntil', () => {
  test('answers the first value that holds', async () => {
    let asked = 0;
    const value = await waitUntil(() => ((asked += 1) < 3 ? null : 'there'), 5000);
    expect([value, asked]).toEqual(['there', 3]);
  });

  test('takes 0 and the empty text for values', async () => {
    expect(await waitUntil(() => 0, 5000)).toBe(0);
    expect(await waitUntil(() => '', 5000)).toBe('');
  });

  test('names what did not hold and keeps the last error', async () => {
    const broken = new Error('no such file');
    const waiting = waitUntil(() => Promise.reject(broken), 20, 'the file');
    await expect(waiting).rejects.toMatchObject({
      message: 'the file did not hold within 20 ms',
      cause: broken,
    });
  });
});

test('freePort answers a port nobody listens on', async () => {
  const port = await freePort();
  const refused = await new Promise((resolve) => {
    connect(port, '127.0.0.1').once('error', (error) => resolve('code' in error && error.code));
  });
  expect(refused).toBe('ECONNREFUSED');
});
