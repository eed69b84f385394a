/** The API as programs call it: JSON over HTTP with a session's key. */

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A body as it was parsed; a test compares what it reads of it with what it expects. */
type ParsedBody = ReturnType<JSON['parse']>;

/** An answer; the body of one without content is null. */
interface Reply {
  readonly status: number;
  readonly body: ParsedBody;
}

/** Calls a running service with somebody's key. */
export type Call = (key: string, method: Method, path: string, body?: object) => Promise<Reply>;

/** Calls of the service at `url`. */
export function createCall(url: string): Call {
  return async (key, method, path, body) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
  };
}
