/** A small client of our REST API for tests: logs in, sends JSON, expects the status. */
export interface Api {
  readonly sessionKey: string;
  request(method: string, url: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** @throws Error with the answer when it is no success. */
  must<T>(method: string, url: string, body?: unknown): Promise<T>;
}

/** Logs in. @throws Error with the answer when that fails. */
export async function logIn(url: string, email: string, password: string): Promise<Api> {
  const call = async (
    method: string,
    route: string,
    body: unknown,
    sessionKey: string | null,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${route}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(sessionKey === null ? {} : { authorization: `Bearer ${sessionKey}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const answer = await call('POST', '/api/login', { email, password }, null);
  if (answer.status !== 200) throw new Error(`Login failed: ${JSON.stringify(answer)}`);
  // the contract of our own API
  const { sessionKey } = answer.body as { sessionKey: string };
  const request: Api['request'] = (method, route, body) => call(method, route, body, sessionKey);
  return {
    sessionKey,
    request,
    async must<T>(method: string, route: string, body?: unknown): Promise<T> {
      const { status, body: got } = await request(method, route, body);
      if (status >= 300) throw new Error(`${method} ${route}: ${status} ${JSON.stringify(got)}`);
      return got as T; // the caller names the shape of our own API
    },
  };
}
