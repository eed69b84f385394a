import { afterEach, describe, expect, test, vi } from 'vitest';
import { messages } from '../../messages/messages.ts';
import { locateNow } from './locate-now.ts';

const TRACKER = { trackerId: 7, name: 'Van 12' };
const text = messages.detail.locate;
afterEach(() => vi.unstubAllGlobals());

/** A server that gives this answer; remembers what it was asked. */
function serve(status: number, body: object): { path: string; init: RequestInit }[] {
  const asked: { path: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, init });
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
  });
  return asked;
}

describe('asking a tracker where it is', () => {
  test('sends the command and tells that it is on its way', async () => {
    const asked = serve(202, { outcome: 'sent' });
    const news = await locateNow(TRACKER);
    expect(news).toEqual({
      kind: 'ok',
      title: text.asked('Van 12'),
      text: text.askedText,
      about: 'locate 7',
    });
    expect(asked.map(({ path }) => path)).toEqual(['/api/trackers/7/commands']);
    expect(asked[0]?.init).toMatchObject({ method: 'POST', body: '{"kind":"locate"}' });
  });

  test.each([
    [409, 'TRACKER_NOT_CONNECTED', text.notConnected],
    [409, 'TRACKER_NOT_READING', text.notReading],
    [409, 'COMMAND_UNSUPPORTED', text.unsupported],
    [429, 'TOO_MANY_COMMANDS', text.tooMany],
    [503, 'OVERLOADED', text.unreachable],
  ])('%i %s is told in words', async (status, code, words) => {
    serve(status, { code, status });
    expect(await locateNow(TRACKER)).toEqual({
      kind: 'warning',
      title: text.failed('Van 12'),
      text: words,
      about: 'locate 7',
    });
  });

  test('no answer is told too', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('no answer');
    });
    expect(await locateNow(TRACKER)).toMatchObject({ kind: 'warning', text: text.unreachable });
  });
});
