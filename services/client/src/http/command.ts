/** Commands: what operators ask of a tracker's device. */
import {
  CommandBodySchema,
  CommandReplySchema,
  TrackerParamsSchema,
  type CommandReply,
} from '@followme/contracts';
import { trustedId, type TrackerId } from '@followme/model';
import type { CommandDesk, OrderOutcome } from '../command/command-desk.ts';
import type { CommandRate } from '../command/command-rate.ts';
import { answer, refuse, type Answer } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import { defineRoute, type Route } from './route.ts';
import { findTracker } from './tracker.ts';

export interface CommandDeps extends Pick<HttpDeps, 'logger'> {
  readonly desk: CommandDesk;
  readonly rate: CommandRate;
}

function answerOf(outcome: OrderOutcome): Answer<CommandReply> {
  switch (outcome) {
    case 'sent':
      return answer({ outcome });
    case 'notReading':
      return refuse('TRACKER_NOT_READING');
    case 'unsupported':
      return refuse('COMMAND_UNSUPPORTED');
    case 'gone':
      return refuse('TRACKER_NOT_CONNECTED');
    case 'overloaded':
      return refuse('OVERLOADED', { retryAfterS: 1 });
  }
}

/** The routes of this file. */
export function commandRoutes({ desk, rate, logger }: CommandDeps): readonly Route[] {
  const send = defineRoute({
    method: 'POST',
    url: '/api/trackers/:trackerId/commands',
    access: 'operator',
    summary: 'Asks something of the device of a tracker',
    tag: 'trackers',
    params: TrackerParamsSchema,
    body: CommandBodySchema,
    reply: CommandReplySchema,
    status: 202,
    async handle({ caller, params, body, origin }) {
      const trackerId = trustedId<TrackerId>(params.trackerId);
      const found = await caller.inTenant((tenant) => findTracker(tenant, caller, trackerId));
      if (found === null) return refuse('TRACKER_NOT_FOUND');
      const { tenantId, userId } = caller.session;
      if (!rate.take(tenantId, trackerId)) return refuse('TOO_MANY_COMMANDS', { retryAfterS: 1 });
      const { kind } = body;
      const outcome = await desk.send({ tenantId, trackerId, kind });
      // who asked what of whom, from where, and what became of it
      logger.info('command.given', { tenantId, userId, trackerId, kind, outcome, ip: origin.ip });
      return answerOf(outcome);
    },
  });
  return [send];
}
