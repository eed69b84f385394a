/**
 * The way of a position through this service, in order:
 *
 * 1. `source`      last states and registry out of the store, once
 * 2. `live/follow` the log from behind those states: rows and crossings
 * 3. `live/hub`    the newest state per tracker; `live/roster` who sees it
 * 4. `live/coalesce` at each tick what is due, at most every 450 ms a tracker
 * 5. `live/frames` its bytes, built once for all viewers
 * 6. `live/session` what each viewer is sent, one write a tick; `socket/` the wire
 *
 * Beside it `live/audience` keeps registry, permissions and alerts as the store has them. Started before the port
 * opens, so that the first viewer finds every state in memory.
 */
import type { Clock, Random } from '@followme/platform';
import { alertsSeenIn } from './live/alert-look.ts';
import { fencesSeenIn } from './live/audience-look.ts';
import { watchAudience, type AudienceDeps, type AudienceWatch } from './live/audience.ts';
import { followLog, type Follower } from './live/follow.ts';
import { LiveHub, TICK_MS } from './live/hub.ts';
import { restoreStates } from './live/restore.ts';

/** Pause between two heartbeats. */
const PING_MS = 1_000;

export interface Live {
  readonly hub: LiveHub;
  readonly audience: AudienceWatch;
  readonly follower: Follower;
  stop(): Promise<void>;
}

/**
 * Loads the last states and the registry, then follows both.
 * @throws the error of the store or the log when they do not answer; nothing is left running then.
 */
export async function startLive(
  deps: Omit<AudienceDeps, 'hub'> & { readonly random: Random },
): Promise<Live> {
  const { source, clock, metrics } = deps;
  const hub = new LiveHub({ metrics });
  const last = await source.loadLastStates();
  restoreStates(hub, last);
  // before any viewer can ask for fences or alerts: what changes from here on is told
  const revisions = await source.revisions();
  const registry = await source.loadTrackers();
  hub.changeRegistry(registry);
  const follower = await followLog({ ...deps, hub }, last.stateSequences);
  const audience = watchAudience(
    { ...deps, hub },
    {
      registry: registry.revisions,
      fences: fencesSeenIn(revisions),
      alerts: alertsSeenIn(revisions),
    },
  );
  const cancels = startTicking(hub, clock);
  return {
    hub,
    audience,
    follower,
    async stop() {
      for (const cancel of cancels) cancel();
      await Promise.all([audience.stop(), follower.stop()]);
    },
  };
}

function startTicking(hub: LiveHub, clock: Clock): readonly (() => void)[] {
  return [
    clock.every(TICK_MS, () => hub.tick(clock.monotonicMs())),
    clock.every(PING_MS, () => hub.ping()),
  ];
}
