/** Ports of a process that dies at its n-th call: the call may or may not have had its effect. */
import type { Log } from '@followme/log';
import type { GeofenceStatePort } from '@followme/store';

export interface Death {
  /** Calls until it dies; ∞ for never. */
  readonly afterCalls: number;
  /** Whether the last call still takes effect, its answer being lost. */
  readonly takesEffect: boolean;
}

export interface MortalPorts {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  isDead(): boolean;
}

/** Counts what changes something outside the process: commits, appends of events, marks. */
export function createMortalPorts(
  ports: { readonly log: Log; readonly state: GeofenceStatePort },
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
  const { log, state } = ports;
  return {
    isDead,
    log: {
      ...log,
      append: (...call) => act(() => log.append(...call)),
    },
    state: {
      acquire: (...call) => look(() => state.acquire(...call)),
      renew: (...call) => look(() => state.renew(...call)),
      release: (...call) => look(() => state.release(...call)),
      load: (...call) => look(() => state.load(...call)),
      unsent: (...call) => look(() => state.unsent(...call)),
      commit: (...call) => act(() => state.commit(...call)),
      markSent: (...call) => act(() => state.markSent(...call)),
    },
  };
}
