/**
 * Stage "command": the way of a command from the log's broadcasts to a device. This process answers for the
 * trackers whose connection it holds and stays silent about all others; the messages are those of
 * `packages/contracts/src/commands.ts`.
 */
import {
  encodeCommandAnswer,
  parseCommandMessage,
  type CommandMessage,
  type CommandOutcome,
} from '@followme/contracts';
import type { Log } from '@followme/log';
import { SUBJECTS, trustedId, type CommandKind, type TrackerId } from '@followme/model';
import type { Metrics } from '@followme/platform';
import type { CommandLink } from './command-link.ts';
import type { ConnectedTrackers } from './connected-trackers.ts';

export interface CommandStageDeps {
  readonly log: Log;
  readonly connected: ConnectedTrackers;
  readonly metrics: Metrics;
  /** Names this process among all of the installation. */
  readonly owner: string;
}

/** Encodes and writes; the frame is made here, so that no other bytes reach the device. */
function deliver(link: CommandLink | null, kind: CommandKind): CommandOutcome {
  const device = link?.device ?? null;
  if (link === null || device === null) return 'gone';
  const frame = link.protocol.encodeCommand?.(kind, device.identifier) ?? null;
  return frame === null ? 'unsupported' : link.writeCommand(frame);
}

/** Answers commands from now on; the answer ends it. */
export function startCommands(deps: CommandStageDeps): () => void {
  const { log, connected, metrics, owner } = deps;
  const counter = metrics.counter(
    'followme_tracker_commands_total',
    'Commands for devices, by what became of them here',
    ['outcome'],
  );
  const unreadable = counter.of({ outcome: 'unreadable' });

  /** The connection that leads to a tracker of this tenant, as the registry knows it now. */
  const linkOf = ({ tenantId, trackerId }: CommandMessage): CommandLink | null => {
    const link = connected.newest(trustedId<TrackerId>(trackerId));
    const device = link?.device ?? null;
    const isTheirs =
      device?.active === true && device.trackerId === trackerId && device.tenantId === tenantId;
    return isTheirs ? link : null;
  };
  const answer = (content: Parameters<typeof encodeCommandAnswer>[0]): void =>
    log.broadcast(SUBJECTS.commandReplies, encodeCommandAnswer(content));

  return log.subscribe(SUBJECTS.commands, (payload) => {
    const message = parseCommandMessage(payload);
    if (message === null) return unreadable.inc();
    const { commandId } = message;
    const link = linkOf(message);
    if (message.type === 'ask') {
      if (link === null) return;
      return answer({ type: 'held', commandId, holder: owner, sinceMs: link.deviceSinceMs });
    }
    if (message.holder !== owner) return;
    const outcome = deliver(link, message.kind);
    counter.of({ outcome }).inc();
    answer({ type: 'outcome', commandId, holder: owner, outcome });
  });
}
