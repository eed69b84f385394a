import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { answer } from './answer.ts';
import { addSharedSchemas, registerRoutes } from './register.ts';
import { defineRoute } from './route.ts';

test('work that takes seconds hears that its caller has gone', async () => {
  const app = fastify();
  let heard = (_isGone: boolean): void => undefined;
  const begun = new Promise<boolean>((resolve) => (heard = resolve));
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const route = defineRoute({
    method: 'POST',
    url: '/slow',
    access: 'public',
    summary: 'Works until its caller has gone',
    tag: 'test',
    body: Type.Object({}),
    reply: null,
    async handle({ isGone }) {
      heard(isGone());
      while (!isGone()) await new Promise((resolve) => setImmediate(resolve));
      end();
      return answer(null);
    },
  });
  addSharedSchemas(app);
  registerRoutes(app, new WeakMap(), [route]);
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    // listening on a port, so its address is one
    const { port } = app.server.address() as AddressInfo;
    const leaving = new AbortController();
    const asked = fetch(`http://127.0.0.1:${port}/slow`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: leaving.signal,
    });
    expect(await begun).toBe(false);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await ended;
  } finally {
    await app.close();
  }
});
