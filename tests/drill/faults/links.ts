/** Slow, lossy, half-open and silent links between devices, our processes and the engines. */
import type { Role } from '../../support/processes.ts';
import type { LinkMode } from '../proxy/link.ts';
import { pick, type Fault } from './fault.ts';
import type { World } from '../world/world.ts';

type LinkKind = 'devices' | 'log' | 'store';

const BAD_MS = 8_000;
const APART_MS = 8_000;
const PASS: LinkMode = { kind: 'pass' };
const LATE: LinkMode = { kind: 'slow', latencyMs: 200, jitterMs: 100 };
const LOSSY: LinkMode = { kind: 'slow', latencyMs: 10, jitterMs: 10, lossPercent: 5 };
const BETWEEN: Readonly<Record<LinkKind, string>> = {
  devices: 'devices and tracker processes',
  log: 'our processes and NATS',
  store: 'our processes and PostgreSQL',
};

function linksOf(world: World, kind: LinkKind): readonly string[] {
  const slots = kind === 'devices' ? world.slotsOf('tracker') : world.slots;
  return slots.map(({ links }) => links[kind]);
}

const during = (name: string, kind: LinkKind, mode: LinkMode, what: string): Fault => ({
  name: `${name}-${kind}`,
  world: 'one',
  isShort: false,
  about: `${what} between ${BETWEEN[kind]} for ${BAD_MS / 1_000} s`,
  async make({ world, pass }) {
    const links = linksOf(world, kind);
    await world.proxies.enter(links, mode);
    await pass(BAD_MS);
    await world.proxies.enter(links, PASS);
    return {};
  },
});

const halfOpen = (kind: LinkKind): Fault => ({
  name: `half-open-${kind}`,
  world: 'one',
  isShort: false,
  about: `every connection between ${BETWEEN[kind]} loses first one end, then, when they have come back, the other: whoever is left is told nothing`,
  async make({ world, pass }) {
    const links = linksOf(world, kind);
    await world.proxies.cut(links, 'muteNear');
    await pass(BAD_MS);
    await world.proxies.cut(links, 'muteFar');
    await pass(BAD_MS / 2);
    return {};
  },
});

const partedFrom = (role: Role, kind: 'log' | 'store'): Fault => ({
  name: `${role}-without-${kind === 'log' ? 'nats' : 'postgres'}`,
  world: 'one',
  isShort: false,
  about: `one ${role} process does not reach ${kind === 'log' ? 'NATS' : 'PostgreSQL'} for ${APART_MS / 1_000} s, everything else does`,
  async make({ world, random, pass }) {
    const slot = pick(random, world.slotsOf(role));
    await world.proxies.enter([slot.links[kind]], { kind: 'blackHole' });
    await pass(APART_MS);
    await world.proxies.enter([slot.links[kind]], PASS);
    return {};
  },
});

const KINDS: readonly LinkKind[] = ['devices', 'log', 'store'];
const ROLES: readonly Role[] = ['tracker', 'geofence', 'notification', 'client'];

export const linkFaults: readonly Fault[] = [
  ...ROLES.flatMap((role) => [partedFrom(role, 'log'), partedFrom(role, 'store')]),
  ...KINDS.map((kind) => during('delay', kind, LATE, '200 ms ± 100 ms in each direction')),
  ...KINDS.map((kind) => during('loss', kind, LOSSY, 'one packet in twenty is sent again')),
  ...KINDS.map(halfOpen),
];
