/** Our own processes killed, frozen and drained, one role at a time. */
import type { Role } from '../../support/processes.ts';
import { watchLanes } from '../world/lane-watch.ts';
import { FaultFailure, pick, type Fault } from './fault.ts';

const ROLES: readonly Role[] = ['tracker', 'geofence', 'notification', 'client'];
const FREEZE_MS = 6_000;
/** Longer than a lease. */
const GONE_MS = 5_000;

const killed = (role: Role): Fault => ({
  name: `${role}-kill`,
  world: 'one',
  isShort: role === 'tracker',
  about: `SIGKILL to one ${role} process; another starts in its place after ${GONE_MS / 1_000} s`,
  async make({ world, random, pass }) {
    const slot = pick(random, world.slotsOf(role));
    const watch = await watchLanes(world, slot.running.pid);
    await slot.kill();
    watch.gone();
    await pass(GONE_MS);
    await slot.start();
    await world.tellViewers();
    return watch.notes('takeOverMs');
  },
});

const frozen = (role: Role): Fault => ({
  name: `${role}-stop`,
  world: 'one',
  isShort: role === 'geofence',
  about: `SIGSTOP to one ${role} process for ${FREEZE_MS / 1_000} s, then it goes on as if nothing had been`,
  async make({ world, random, pass }) {
    const slot = pick(random, world.slotsOf(role));
    const watch = await watchLanes(world, slot.running.pid);
    slot.running.freeze();
    watch.gone();
    await pass(FREEZE_MS);
    slot.running.thaw();
    return watch.notes('takeOverMs');
  },
});

const drained = (role: Role): Fault => ({
  name: `${role}-drain`,
  world: 'one',
  isShort: false,
  about: `SIGTERM to one ${role} process; another starts in its place when it has ended`,
  async make({ world, random, pass }) {
    const slot = pick(random, world.slotsOf(role));
    const watch = await watchLanes(world, slot.running.pid);
    watch.gone();
    const exitCode = await slot.drain();
    await pass(1_000);
    await slot.start();
    await world.tellViewers();
    const notes = await watch.notes('handOverMs');
    if (exitCode !== 0) throw new FaultFailure(`The process ended with ${exitCode}`, notes);
    return notes;
  },
});

export const roleFaults: readonly Fault[] = [
  ...ROLES.map(killed),
  ...ROLES.map(frozen),
  ...ROLES.map(drained),
];
