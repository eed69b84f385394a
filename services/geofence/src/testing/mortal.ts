/** Ports of a process that dies at its n-th call: the call may or may not have had its effect. */
import type { Log } from '@followme/log';
import type { GeofenceStatePort, LaneLeases } from '@followme/store';

export interface Death {
  /** Calls until it dies; ∞ for never. */
  readonly afterCalls: number;
  /** Whether the last call still takes effect, its answer being lost. */
  readonly takesEffect: boolean;
}

export interface MortalPorts {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  readonly leases: LaneLeases;
  isDead(): boolean;
}

/** Counts what changes something outside the process: commits, appends of events, marks. */
export function createMortalPorts(
  ports: Pick<MortalPorts, 'log' | 'state' | 'leases'>,
  death: Death,
): MortalPorts {
  let calls = 0;
  const isDead = (): boolean => calls >= death.afterCalls;
  const die = (): never => {
    throw new Error('the process is dead');
  };
  const act = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead()) return die();
    calls += 1;
    if (!isDead()) return work();
    if (death.takesEffect) await work();
    return die();
  };
  const look = async <T>(work: () => Promise<T>): Promise<T> => (isDead() ? die() : work());
  const { log, state, leases } = ports;
  return {
    isDead,
    log: {
      ...log,
      append: (...call) => act(() => log.append(...call)),
    },
    state: {
      load: (...call) => look(() => state.load(...call)),
      unsent: (...call) => look(() => state.unsent(...call)),
      commit: (...call) => act(() => state.commit(...call)),
      markSent: (...call) => act(() => state.markSent(...call)),
    },
    leases: {
      ...leases,
      look: (...call) => look(() => leases.look(...call)),
      acquire: (...call) => look(() => leases.acquire(...call)),
      release: (...call) => look(() => leases.release(...call)),
      leave: (...call) => look(() => leases.leave(...call)),
    },
  };
}
