/** NATS and PostgreSQL killed, frozen and restarted. */
import type { Fault } from './fault.ts';

const FREEZE_MS = 6_000;
/** How long a killed engine is away. */
const AWAY_MS = 2_000;

export const engineFaults: readonly Fault[] = [
  {
    name: 'nats-kill',
    world: 'one',
    isShort: true,
    about: `SIGKILL to the only nats-server; it comes back after ${AWAY_MS / 1_000} s`,
    async make({ world, pass }) {
      const [nats] = world.nats;
      await nats?.kill();
      await pass(AWAY_MS);
      await nats?.restart();
      await pass(2_000);
      return {};
    },
  },
  {
    name: 'nats-stop',
    world: 'one',
    isShort: false,
    about: `SIGSTOP to the only nats-server for ${FREEZE_MS / 1_000} s`,
    async make({ world, pass }) {
      const [nats] = world.nats;
      await nats?.pause();
      await pass(FREEZE_MS);
      await nats?.resume();
      await pass(2_000);
      return {};
    },
  },
  {
    name: 'postgres-kill',
    world: 'one',
    isShort: true,
    about: `SIGKILL to PostgreSQL and all its processes; it comes back after ${AWAY_MS / 1_000} s and recovers`,
    async make({ world: { postgres }, pass }) {
      await postgres.kill();
      await pass(AWAY_MS);
      await postgres.start();
      await pass(2_000);
      return {};
    },
  },
  {
    name: 'postgres-immediate',
    world: 'one',
    isShort: false,
    about: 'SIGQUIT to PostgreSQL (immediate shutdown) and a start at once, with recovery',
    async make({ world: { postgres }, pass }) {
      await postgres.dropAll();
      await postgres.start();
      await pass(2_000);
      return {};
    },
  },
  {
    name: 'postgres-stop',
    world: 'one',
    isShort: false,
    about: `SIGSTOP to PostgreSQL and all its processes for ${FREEZE_MS / 1_000} s`,
    async make({ world: { postgres }, pass }) {
      postgres.signal('SIGSTOP');
      await pass(FREEZE_MS);
      postgres.signal('SIGCONT');
      await pass(2_000);
      return {};
    },
  },
];
