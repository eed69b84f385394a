import { describe, expect, test, vi } from 'vitest';
import { createManualClock, createTestLive } from '../testing.ts';
import { createSocketClient, type SocketKey, type SocketLike } from './socket-client.ts';

const NOW = 1_700_000_000_000;
const IDENTIFIED = '{"header":"identificationResponse","data":{"success":true}}';

interface ServedSocket extends SocketLike {
  readonly sent: string[];
  closed: boolean;
}

function setUp(key: SocketKey = { kind: 'key', sessionKey: 'once' }) {
  const clock = createManualClock(NOW);
  const { store, feed } = createTestLive(clock);
  const sockets: ServedSocket[] = [];
  let loggedOut = 0;
  const client = createSocketClient({
    clock,
    feed,
    fetchSocketKey: () => Promise.resolve(key),
    openSocket: () => {
      const socket: ServedSocket = {
        sent: [],
        closed: false,
        onopen: null,
        onmessage: null,
        onclose: null,
        onerror: null,
        send: (text) => socket.sent.push(text),
        close: () => {
          socket.closed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    onLoggedOut: () => {
      loggedOut += 1;
    },
  });
  const opened = async (count: number): Promise<ServedSocket> => {
    await vi.waitFor(() => expect(sockets).toHaveLength(count));
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    socket.onopen?.(undefined as never);
    return socket;
  };
  const say = (socket: ServedSocket, data: string): void => socket.onmessage?.({ data } as never);
  return { clock, store, client, sockets, opened, say, loggedOut: () => loggedOut };
}

describe('socket client', () => {
  test('it identifies itself with the key and is live when the server agrees', async () => {
    const { client, store, opened, say } = setUp();
    client.start();
    const socket = await opened(1);
    expect(socket.sent).toEqual(['{"sessionKey":"once"}']);
    expect(store.snapshot().connection).toEqual({ kind: 'connecting' });
    say(socket, IDENTIFIED);
    expect(store.snapshot().connection).toEqual({ kind: 'live' });
  });

  test('five seconds without a ping end the connection, and a new one follows', async () => {
    const { client, clock, store, opened, say } = setUp();
    client.start();
    const socket = await opened(1);
    say(socket, IDENTIFIED);
    for (let i = 0; i < 10; i += 1) {
      clock.advance(1000);
      say(socket, '{"header":"ping"}');
    }
    expect(socket.closed).toBe(false);
    const heardMs = clock.nowMs();
    clock.advance(5900);
    expect(socket.closed).toBe(true);
    expect(store.snapshot().connection).toEqual({ kind: 'reconnecting', sinceMs: heardMs });
    clock.advance(500);
    say(await opened(2), IDENTIFIED);
    expect(store.snapshot().connection).toEqual({ kind: 'live' });
  });

  test('a refused key counts as a failure and is tried again later', async () => {
    const { client, clock, opened, say } = setUp();
    client.start();
    const socket = await opened(1);
    say(socket, '{"header":"identificationResponse","data":{"success":false}}');
    expect(socket.closed).toBe(true);
    clock.advance(500);
    await opened(2);
  });

  test('the end of the session is told once and nothing is tried again', async () => {
    const { client, clock, sockets, loggedOut } = setUp({ kind: 'loggedOut' });
    client.start();
    await vi.waitFor(() => expect(loggedOut()).toBe(1));
    clock.advance(60_000);
    expect(sockets).toHaveLength(0);
    expect(loggedOut()).toBe(1);
  });

  test('after stop a lost connection stays lost', async () => {
    const { client, clock, sockets, opened, say } = setUp();
    client.start();
    say(await opened(1), IDENTIFIED);
    client.stop();
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
  });
});
