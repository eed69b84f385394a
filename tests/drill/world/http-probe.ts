/**
 * Requests without a pause, as they come through a load balancer: it asks every client process whether it is ready,
 * sends requests to those that are, and asks another one when a connection breaks before an answer.
 */
import type { World } from './world.ts';

export interface HttpProbe {
  /** Ends it. Answers what became of the requests. */
  stop(): Promise<{
    requests: number;
    failed: number;
    retried: number;
    firstFailure: string | null;
  }>;
}

const LOOK_EVERY_MS = 200;
const REQUEST_EVERY_MS = 20;
const REQUEST_LIMIT_MS = 5_000;
const TRIES = 2;

/** Logs in and starts asking. */
export async function startHttpProbe(world: World): Promise<HttpProbe> {
  const key = await logIn(world);
  let ready: readonly string[] = world.webUrls();
  let turn = 0;
  let hasEnded = false;
  const counts = { requests: 0, failed: 0, retried: 0, firstFailure: null as string | null };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });

  const watching = (async () => {
    while (!hasEnded) {
      // a process that drains is still asked: it says itself that it is not ready
      ready = (
        await Promise.all(known(world).map(async (url) => ((await isReady(url)) ? [url] : [])))
      ).flat();
      await pause(LOOK_EVERY_MS);
    }
  })();
  const ask = async (): Promise<string | null> => {
    let why = 'no client process is ready';
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const url = ready[turn++ % Math.max(1, ready.length)];
      if (url === undefined) return why;
      try {
        const answer = await fetch(`${url}/api/trackers?limit=1`, {
          headers: { authorization: `Bearer ${key}` },
          signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
        });
        const text = await answer.text();
        return answer.status === 200 ? null : `${url}: ${answer.status} ${text.slice(0, 200)}`;
      } catch (error) {
        why = `${url}: ${String(error)} ${error instanceof Error ? String(error.cause) : ''}`;
        counts.retried += 1;
      }
    }
    return why;
  };
  const asking = (async () => {
    const open = new Set<Promise<void>>();
    while (!hasEnded) {
      const one = ask().then((failure) => {
        counts.requests += 1;
        if (failure === null) return;
        counts.failed += 1;
        counts.firstFailure ??= failure;
      });
      open.add(one);
      void one.finally(() => open.delete(one));
      await pause(REQUEST_EVERY_MS);
    }
    await Promise.all(open);
  })();
  return {
    async stop() {
      hasEnded = true;
      await Promise.all([watching, asking]);
      return counts;
    },
  };
}

/** Web addresses, those of processes that drain included. */
const known = (world: World): readonly string[] => [
  ...new Set(world.slotsOf('client').flatMap((slot) => slot.urls())),
];

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function logIn({ seeded, webUrls }: World): Promise<string> {
  const [url] = webUrls();
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: seeded.email, password: seeded.password }),
  });
  if (response.status !== 200) throw new Error(`Login failed: ${response.status}`);
  // our own API: the shape is that of the contracts
  return ((await response.json()) as { sessionKey: string }).sessionKey;
}
