import type { JetStreamManager } from '@nats-io/jetstream';
import { createFakeClock } from '@followme/testkit';
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { bytes } from '../contract/subject.ts';
import { JetStreamKeys } from './keys.ts';
import { logNames } from './names.ts';
import { MESSAGE_ID, type Publication, type Publisher } from './publisher.ts';

/** A key space whose last record has the header `id`, and whose server answers every write with a conflict. */
function conflicting(id: (publication: Publication) => string): JetStreamKeys {
  let present: { seq: number; header: MsgHdrs; data: Uint8Array } | null = null;
  const publisher: Publisher = {
    publish: async (publication) => {
      const header = headers();
      header.set(MESSAGE_ID, id(publication));
      present = { seq: 7, header, data: publication.payload };
      return { type: 'conflict' };
    },
    pendingBytes: () => 0,
    resume: () => undefined,
    suspend: () => undefined,
    fail: () => undefined,
    close: async () => undefined,
  };
  // of the client only what the key space uses
  const jetstream = { streams: { getMessage: async () => present } } as unknown as JetStreamManager;
  const session = { nats: {} as unknown as NatsConnection, jetstream };
  const connection = {
    session: () => session,
    demand: () => session,
    listen: () => undefined,
    moveOn: () => undefined,
    close: async () => undefined,
  };
  return new JetStreamKeys({
    clock: createFakeClock(),
    connection,
    names: logNames('x'),
    publisher,
  });
}

test('a write that was sent twice and stored the first time succeeds with the revision it got', async () => {
  const keys = conflicting(({ messageId }) => messageId);
  expect(await keys.set('key', bytes('x'), null)).toBe(7);
});

test('a write that somebody else was before fails', async () => {
  const keys = conflicting(() => 'the id of somebody else');
  expect(await keys.set('key', bytes('x'), null)).toBeNull();
});
