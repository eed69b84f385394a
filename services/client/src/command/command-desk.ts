/**
 * Sends commands to the process that holds a tracker's connection, wherever it runs, and waits for what became
 * of them. Two steps over the log's broadcasts (`packages/contracts/src/commands.ts`): all are asked, and the
 * one with the newest connection is told to send. Broadcasts may get lost; then nobody answers in time, and
 * whoever asked may ask again.
 */
import {
  encodeCommandMessage,
  parseCommandAnswer,
  type CommandAnswer,
  type CommandOutcome,
} from '@followme/contracts';
import type { Log } from '@followme/log';
import { SUBJECTS, type CommandKind, type TenantId, type TrackerId } from '@followme/model';
import { randomToken, type CancelTimer, type Clock, type Metrics } from '@followme/platform';

/** Longest wait for the outcome; who calls over HTTP hears within three seconds. */
export const ANSWER_LIMIT_MS = 2_500;
/** How long others may answer after the first holder has: a round trip between processes takes a few ms. */
export const HOLDERS_WAIT_MS = 100;
/** Commands under way: at most so many promises and timers wait, whatever people ask. */
export const MAX_UNDER_WAY = 500;
const ID_BYTES = 16;

/** What somebody wants of a tracker. */
interface CommandOrder {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly kind: CommandKind;
}

/** `gone`: nobody holds a connection, or none answered in time; `overloaded`: too many are under way. */
export type OrderOutcome = CommandOutcome | 'overloaded';

export interface CommandDesk {
  /** Resolves within `ANSWER_LIMIT_MS`. */
  send(order: CommandOrder): Promise<OrderOutcome>;
  /** Hears no more answers; what is under way ends as `gone`. */
  stop(): void;
}

interface DeskDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

interface UnderWay {
  hear(answer: CommandAnswer): void;
  /** Ends it now. */
  giveUp(): void;
}

/** One command from its question to its outcome, told once to `onSettled`. */
function negotiate(
  { log, clock }: DeskDeps,
  { order, commandId }: { readonly order: CommandOrder; readonly commandId: string },
  onSettled: (outcome: CommandOutcome) => void,
): UnderWay {
  const { tenantId, trackerId, kind } = order;
  let newest: { readonly holder: string; readonly sinceMs: number } | null = null;
  let chosen: string | null = null;
  let cancelChoice: CancelTimer = () => undefined;
  const settle = (outcome: CommandOutcome): void => {
    cancelLimit();
    cancelChoice();
    onSettled(outcome);
  };
  const cancelLimit = clock.after(ANSWER_LIMIT_MS, () => settle('gone'));
  const tell = (message: Parameters<typeof encodeCommandMessage>[0]): void =>
    log.broadcast(SUBJECTS.commands, encodeCommandMessage(message));
  const choose = (): void => {
    if (newest === null) return;
    chosen = newest.holder;
    tell({ type: 'send', commandId, tenantId, trackerId, holder: chosen, kind });
  };
  tell({ type: 'ask', commandId, tenantId, trackerId });
  return {
    giveUp: () => settle('gone'),
    hear(answer) {
      if (answer.type === 'outcome') {
        if (answer.holder === chosen) settle(answer.outcome);
        return;
      }
      if (chosen !== null) return;
      if (newest === null) cancelChoice = clock.after(HOLDERS_WAIT_MS, choose);
      if (newest === null || answer.sinceMs > newest.sinceMs) newest = answer;
    },
  };
}

/** A desk that listens from now on. */
export function createCommandDesk(deps: DeskDeps): CommandDesk {
  const counter = deps.metrics.counter(
    'followme_commands_total',
    'Commands people gave, by what became of them',
    ['kind', 'outcome'],
  );
  const underWay = new Map<string, UnderWay>();
  const endHearing = deps.log.subscribe(SUBJECTS.commandReplies, (payload) => {
    const answer = parseCommandAnswer(payload);
    // most are for other processes: who did not ask does not know the id
    if (answer !== null) underWay.get(answer.commandId)?.hear(answer);
  });
  return {
    async send(order) {
      const { kind } = order;
      if (underWay.size >= MAX_UNDER_WAY) {
        counter.of({ kind, outcome: 'overloaded' }).inc();
        return 'overloaded';
      }
      const commandId = randomToken(ID_BYTES);
      const outcome = await new Promise<CommandOutcome>((resolve) => {
        underWay.set(commandId, negotiate(deps, { order, commandId }, resolve));
      });
      underWay.delete(commandId);
      counter.of({ kind, outcome }).inc();
      return outcome;
    },
    stop() {
      endHearing();
      for (const command of underWay.values()) command.giveUp();
    },
  };
}
