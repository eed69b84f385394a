import { silentLogger } from '@followme/platform';
import { createFakeClock, type FakeClock } from '@followme/testkit';
import { errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { JetStreamManager } from '@nats-io/jetstream';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Session } from './connection.ts';
import type { MoveReason } from './jetstream-counters.ts';
import { logNames } from './names.ts';
import { Pulse } from './pulse.ts';

describe('the pulse', () => {
  let clock: FakeClock;
  let pulse: Pulse;
  /** What the server does with a question. */
  let answer: () => Promise<Msg>;
  const moves: { readonly atMs: number; readonly reason: MoveReason }[] = [];

  const stored = async (): Promise<Msg> => ({ string: () => '{"seq":1}' }) as unknown as Msg;
  const nobody = (): Promise<Msg> =>
    Promise.reject(new errors.RequestError('nobody', { cause: new errors.NoRespondersError('x') }));
  const refused = async (): Promise<Msg> =>
    ({ string: () => '{"error":{"code":503}}' }) as unknown as Msg;
  const silence = async (): Promise<Msg> => {
    await clock.sleep(2000);
    throw new errors.TimeoutError();
  };

  beforeEach(() => {
    clock = createFakeClock();
    moves.length = 0;
    answer = stored;
    const session: Session = {
      // of the client only what the pulse uses
      nats: { request: () => answer() } as unknown as NatsConnection,
      jetstream: {} as JetStreamManager,
    };
    pulse = new Pulse({
      clock,
      logger: silentLogger,
      connection: {
        session: () => session,
        demand: () => session,
        listen: () => undefined,
        moveOn: (reason) => void moves.push({ atMs: clock.monotonicMs(), reason }),
        close: async () => undefined,
      },
      names: logNames('x'),
    });
  });

  test('a server that takes the record is kept', async () => {
    await clock.advance(60_000);
    expect([moves, pulse.silentForMs()]).toEqual([[], 0]);
  });

  test('a server that does not answer twice in a row is left', async () => {
    answer = silence;
    await clock.advance(5250);
    expect(moves).toEqual([{ atMs: 5250, reason: 'silent' }]);
  });

  test.each([
    ['that nobody holds the stream', nobody],
    ['that it cannot store', refused],
  ])('a server that says for 5 s %s is left', async (_, how) => {
    answer = how;
    await clock.advance(5999);
    expect([moves, pulse.silentForMs()]).toEqual([[], 4999]);
    await clock.advance(1);
    expect(moves).toEqual([{ atMs: 6000, reason: 'silent' }]);
  });

  test('the next server has its own 5 s', async () => {
    answer = nobody;
    await clock.advance(6000);
    pulse.look();
    await clock.advance(4999);
    expect(moves).toHaveLength(1);
    await clock.advance(1);
    expect(moves).toEqual([
      { atMs: 6000, reason: 'silent' },
      { atMs: 11_000, reason: 'silent' },
    ]);
  });

  test('the election of a leader within 5 s keeps the server', async () => {
    answer = nobody;
    await clock.advance(5500);
    answer = stored;
    await clock.advance(500);
    answer = nobody;
    await clock.advance(5000);
    expect(moves).toEqual([]);
  });

  test('while records come the server is kept', async () => {
    answer = nobody;
    for (let second = 0; second < 20; second += 1) {
      await clock.advance(1000);
      pulse.heard();
    }
    expect(moves).toEqual([]);
  });
});
