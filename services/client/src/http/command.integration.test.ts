/** Commands over HTTP; tracker processes are played by what they say on the log's broadcasts. */
import {
  encodeCommandAnswer,
  parseCommandMessage,
  type CommandMessage,
  type CommandOutcome,
} from '@followme/contracts';
import { SUBJECTS } from '@followme/model';
import { silentLogger, type LogFields } from '@followme/platform';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';

let world: ClientWorld;
let app: FastifyInstance;
const lines: { readonly event: string; readonly fields: LogFields | undefined }[] = [];
const endings: (() => void)[] = [];

beforeAll(async () => {
  world = await createClientWorld();
  const logger = {
    ...silentLogger,
    info: (event: string, fields?: LogFields) => void lines.push({ event, fields }),
  };
  app = await createHttpApp({ ...world.deps, logger }, () => true);
});
afterAll(async () => {
  await app.close();
  await world.stop();
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
  lines.length = 0;
});

/** A tracker process that holds a connection of one tracker since `sinceMs`; answers what it was told to send. */
function play(holder: string, trackerId: number, sinceMs: number, outcome: CommandOutcome) {
  const { log } = world;
  const sent: CommandMessage[] = [];
  const answer = (content: Parameters<typeof encodeCommandAnswer>[0]) =>
    log.broadcast(SUBJECTS.commandReplies, encodeCommandAnswer(content));
  endings.push(
    log.subscribe(SUBJECTS.commands, (payload) => {
      const message = parseCommandMessage(payload);
      if (message === null || message.trackerId !== trackerId) return;
      const { commandId } = message;
      if (message.type === 'ask') answer({ type: 'held', commandId, holder, sinceMs });
      else if (message.holder === holder) {
        sent.push(message);
        answer({ type: 'outcome', commandId, holder, outcome });
      }
    }),
  );
  return sent;
}

const give = (key: string, trackerId: number, payload: object = { kind: 'locate' }) =>
  app.inject({
    method: 'POST',
    url: `/api/trackers/${trackerId}/commands`,
    headers: { authorization: `Bearer ${key}` },
    payload,
  });

describe('a command over HTTP', () => {
  test('is sent by the process with the newest connection, and leaves a line for the audit', async () => {
    const { alpha } = world;
    const old = play('old', alpha.seenId, 1_000, 'sent');
    const young = play('young', alpha.seenId, 2_000, 'sent');
    const reply = await give(alpha.operator.key, alpha.seenId);
    expect([reply.statusCode, reply.json()]).toEqual([202, { outcome: 'sent' }]);
    expect(old).toEqual([]);
    expect(young).toMatchObject([{ kind: 'locate', tenantId: alpha.tenantId }]);
    const given = lines.filter(({ event }) => event === 'command.given');
    expect(given.map(({ fields }) => fields)).toEqual([
      {
        tenantId: alpha.tenantId,
        userId: alpha.operator.userId,
        trackerId: alpha.seenId,
        kind: 'locate',
        outcome: 'sent',
        ip: '127.0.0.1',
      },
    ]);
  });

  test('is given to one tracker once a second', async () => {
    const { beta } = world;
    play('one', beta.seenId, 1_000, 'sent');
    const replies = await Promise.all([
      give(beta.admin.key, beta.seenId),
      give(beta.admin.key, beta.seenId),
    ]);
    expect(replies.map(({ statusCode }) => statusCode).toSorted()).toEqual([202, 429]);
    const refused = replies.find(({ statusCode }) => statusCode === 429);
    expect([refused?.json().code, refused?.headers['retry-after']]).toEqual([
      'TOO_MANY_COMMANDS',
      '1',
    ]);
  });

  test('for a tracker that nobody holds is answered within three seconds', async () => {
    const reply = await give(world.beta.admin.key, world.beta.hiddenId);
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'TRACKER_NOT_CONNECTED']);
    expect(reply.json().retryable).toBe(true);
  });

  test.each([
    ['notReading', 'TRACKER_NOT_READING'],
    ['unsupported', 'COMMAND_UNSUPPORTED'],
    ['gone', 'TRACKER_NOT_CONNECTED'],
  ] as const)('that ended as %s says so', async (outcome, code) => {
    const { alpha } = world;
    const trackerId = await world.addTracker(alpha, outcome);
    play('one', trackerId, 1_000, outcome);
    const reply = await give(alpha.admin.key, trackerId);
    expect([reply.statusCode, reply.json().code]).toEqual([409, code]);
  });

  test('is for those who deal with devices, about trackers they see', async () => {
    const { alpha, beta } = world;
    const sent = [alpha.hiddenId, beta.hiddenId].map((id) => play('one', id, 1_000, 'sent'));
    const member = await give(alpha.member.key, alpha.seenId);
    expect([member.statusCode, member.json().code]).toEqual([403, 'ACCESS_DENIED']);
    for (const trackerId of [alpha.hiddenId, beta.hiddenId]) {
      const reply = await give(alpha.operator.key, trackerId);
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'TRACKER_NOT_FOUND']);
    }
    expect(sent).toEqual([[], []]);
  });

  test('of a kind there is not is refused', async () => {
    const reply = await give(world.alpha.admin.key, world.alpha.seenId, { kind: 'reboot' });
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});
