import { encodeCommandAnswer, parseCommandMessage, type CommandMessage } from '@followme/contracts';
import type { Log } from '@followme/log';
import { SUBJECTS, trustedId, type TenantId, type TrackerId } from '@followme/model';
import { createMetrics } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import {
  ANSWER_LIMIT_MS,
  createCommandDesk,
  HOLDERS_WAIT_MS,
  MAX_UNDER_WAY,
  type CommandDesk,
} from './command-desk.ts';

const order = {
  tenantId: trustedId<TenantId>(1),
  trackerId: trustedId<TrackerId>(7),
  kind: 'locate',
} as const;

/** Broadcasts that arrive at once; `told` are the commands. */
function createWorld() {
  const told: CommandMessage[] = [];
  let hear: (payload: Uint8Array) => void = () => undefined;
  const log: Pick<Log, 'broadcast' | 'subscribe'> = {
    broadcast(subject, payload) {
      const message = subject === SUBJECTS.commands ? parseCommandMessage(payload) : null;
      if (message !== null) told.push(message);
    },
    subscribe(subject, hears) {
      if (subject === SUBJECTS.commandReplies) hear = hears;
      return () => (hear = () => undefined);
    },
  };
  const clock = createFakeClock();
  const metrics = createMetrics();
  // the desk uses two methods of the log
  const desk: CommandDesk = createCommandDesk({ log: log as Log, clock, metrics });
  const commandId = () => told[0]?.commandId ?? 'none';
  return {
    desk,
    told,
    clock,
    metrics,
    held: (holder: string, sinceMs: number) =>
      hear(encodeCommandAnswer({ type: 'held', commandId: commandId(), holder, sinceMs })),
    ends: (holder: string, outcome: 'sent' | 'notReading' | 'unsupported' | 'gone') =>
      hear(encodeCommandAnswer({ type: 'outcome', commandId: commandId(), holder, outcome })),
  };
}

describe('a command', () => {
  test('goes to the process with the newest connection, whoever answers first', async () => {
    const { desk, told, clock, held, ends } = createWorld();
    const outcome = desk.send(order);
    held('old', 1_000);
    held('young', 2_000);
    held('older', 500);
    await clock.advance(HOLDERS_WAIT_MS);
    expect(told.map((message) => message.type)).toEqual(['ask', 'send']);
    expect(told[1]).toMatchObject({ holder: 'young', kind: 'locate', trackerId: 7, tenantId: 1 });
    ends('young', 'sent');
    expect(await outcome).toBe('sent');
    expect(clock.waiting()).toBe(0);
  });

  test('is sent once, though holders answer late', async () => {
    const { desk, told, clock, held, ends } = createWorld();
    const outcome = desk.send(order);
    held('first', 1_000);
    await clock.advance(HOLDERS_WAIT_MS);
    held('late', 2_000);
    await clock.advance(HOLDERS_WAIT_MS);
    ends('late', 'sent');
    ends('first', 'notReading');
    expect(await outcome).toBe('notReading');
    expect(told).toHaveLength(2);
  });

  test('that nobody answers ends within three seconds', async () => {
    const { desk, clock, metrics } = createWorld();
    const outcome = desk.send(order);
    await clock.advance(ANSWER_LIMIT_MS);
    expect(await outcome).toBe('gone');
    expect(ANSWER_LIMIT_MS).toBeLessThan(3_000);
    expect(await metrics.read('followme_commands_total', { outcome: 'gone' })).toBe(1);
  });

  test('whose holder was killed before it sent ends within three seconds too', async () => {
    const { desk, clock, held } = createWorld();
    const outcome = desk.send(order);
    held('killed', 1_000);
    await clock.advance(ANSWER_LIMIT_MS);
    expect(await outcome).toBe('gone');
    expect(clock.waiting()).toBe(0);
  });

  test('too many at once are refused and counted, and there is room again after them', async () => {
    const { desk, clock, metrics } = createWorld();
    const waiting = Array.from({ length: MAX_UNDER_WAY }, () => desk.send(order));
    expect(await desk.send(order)).toBe('overloaded');
    expect(await metrics.read('followme_commands_total', { outcome: 'overloaded' })).toBe(1);
    await clock.advance(ANSWER_LIMIT_MS);
    await Promise.all(waiting);
    const next = desk.send(order);
    await clock.advance(ANSWER_LIMIT_MS);
    expect(await next).toBe('gone');
  });

  test('under way when the process stops is answered at once', async () => {
    const { desk, clock } = createWorld();
    const outcome = desk.send(order);
    desk.stop();
    expect(await outcome).toBe('gone');
    expect(clock.waiting()).toBe(0);
  });
});
