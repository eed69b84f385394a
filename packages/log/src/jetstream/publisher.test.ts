import { createMetrics } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import type { Connection, Session } from './connection.ts';
import { createJetStreamCounters } from './jetstream-counters.ts';
import { createPublisher, MESSAGE_ID } from './publisher.ts';

/** A server of which only the ids that it was sent are seen; it answers what it is told to. */
function createServer(answerTo: (messageId: string) => string) {
  const seen: string[] = [];
  let hear: (message: Msg) => void = () => undefined;
  const nats = {
    subscribe: (_: string, { callback }: { callback: (error: null, message: Msg) => void }) => {
      hear = (message) => callback(null, message);
    },
    publish(_: string, __: Uint8Array, options: { reply: string; headers: MsgHdrs }) {
      const messageId = options.headers.get(MESSAGE_ID);
      seen.push(messageId);
      const data = Buffer.from(answerTo(messageId));
      // as much of a message as an answer has
      hear({ subject: options.reply, data, headers: headers() } as unknown as Msg);
    },
  };
  return { seen, session: { nats } as unknown as Session };
}

test('an id that a server holds without a record of it is left for the next one before patience ends', async () => {
  const clock = createFakeClock();
  const { seen, session } = createServer((id) =>
    id === 'event-1' ? '{"stream":"s","seq":0,"duplicate":true}' : '{"stream":"s","seq":7}',
  );
  const metrics = createMetrics();
  const publisher = createPublisher({
    clock,
    connection: {} as Connection, // no time-out here moves it
    counters: createJetStreamCounters(metrics),
    onHeard: () => undefined,
  });
  publisher.resume(session);
  const published = publisher.publish({
    subject: 's',
    payload: Buffer.from('x'),
    messageId: 'event-1',
  });
  await clock.advance(5_000);
  expect(new Set(seen)).toEqual(new Set(['event-1']));
  await clock.advance(2_000);
  await expect(published).resolves.toEqual({ type: 'stored', sequence: 7, duplicate: false });
  expect(seen.at(-1)).toBe('event-1~');
});
