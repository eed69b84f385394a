/** A cluster of three nats-servers, each on a machine of its own, that loses one of them. */
import type { TestNats } from '@followme/testkit';
import type { Machine } from '../engines/namespaces.ts';
import type { World } from '../world/world.ts';
import { pick, type Fault, type FaultNotes } from './fault.ts';

const GONE_MS = 5_000;
const APART_MS = 8_000;
const LOOK_LIMIT_MS = 2_000;
/**
 * When a member was cut off, 2.9.10 in about one run out of three lost records that it had acknowledged and handed to readers,
 * and gave their sequences to others (docs/decisions/0025-fault-drill.md).
 */
const SURVIVES_PARTITIONS = '2.10.27';

/** Names of the members, by how many streams they lead. */
async function leadersOf(nats: readonly TestNats[]): Promise<ReadonlyMap<string, number>> {
  const [member] = nats.filter((one) => one.isRunning());
  const url = `${member?.monitorUrl ?? ''}/jsz?accounts=1&streams=1`;
  const text = await (await fetch(url, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) })).text();
  const counts = new Map<string, number>();
  for (const [, leader = ''] of text.matchAll(/"leader":\s*"([^"]+)"/g)) {
    counts.set(leader, (counts.get(leader) ?? 0) + 1);
  }
  return counts;
}

/** The member that leads most streams, or one that leads the fewest. */
async function memberOf(world: World, role: 'leader' | 'follower'): Promise<TestNats> {
  const counts = await leadersOf(world.nats);
  const sorted = world.nats.toSorted(
    (a, b) => (counts.get(b.name) ?? 0) - (counts.get(a.name) ?? 0),
  );
  const member = role === 'leader' ? sorted[0] : sorted.at(-1);
  if (member === undefined) throw new Error('There is no cluster');
  return member;
}

function machineOf({ room, nats }: World, member: TestNats): Machine {
  const machine = room?.machines[nats.indexOf(member)];
  if (machine === undefined) throw new Error('There are no machines');
  return machine;
}

/** Waits for the cluster to be whole; one that is not for long is noted, since only what it keeps is judged. */
async function untilWhole(world: World): Promise<FaultNotes> {
  const startMs = performance.now();
  const isWhole = await world.natsHealthy().then(
    () => true,
    () => false,
  );
  return {
    [isWhole ? 'wholeAfterMs' : 'notWholeAfterMs']: Math.round(performance.now() - startMs),
  };
}

const killed = (role: 'leader' | 'follower'): Fault => ({
  name: `cluster-kill-${role}`,
  world: 'three',
  isShort: false,
  about: `SIGKILL to the nats-server of three that leads ${role === 'leader' ? 'most' : 'fewest'} streams; back after ${GONE_MS / 1_000} s`,
  async make({ world, pass }) {
    const member = await memberOf(world, role);
    await member.kill();
    await pass(GONE_MS);
    await member.restart();
    return untilWhole(world);
  },
});

const unplugged = (role: 'leader' | 'follower'): Fault => ({
  name: `cluster-partition-${role}`,
  world: 'three',
  isShort: false,
  leastNats: SURVIVES_PARTITIONS,
  about: `the machine of the nats-server that leads ${role === 'leader' ? 'most' : 'fewest'} streams is cut off from everybody for ${APART_MS / 1_000} s`,
  async make({ world, pass }) {
    const machine = machineOf(world, await memberOf(world, role));
    machine.unplug();
    try {
      await pass(APART_MS);
    } finally {
      machine.plugIn();
    }
    return untilWhole(world);
  },
});

export const clusterFaults: readonly Fault[] = [
  killed('follower'),
  killed('leader'),
  unplugged('follower'),
  unplugged('leader'),
  {
    name: 'cluster-partition-peers',
    world: 'three',
    isShort: false,
    leastNats: SURVIVES_PARTITIONS,
    about: `one nats-server of three loses the other two for ${APART_MS / 1_000} s, while our processes still reach all`,
    async make({ world, random, pass }) {
      const member = pick(random, world.nats);
      const machine = machineOf(world, member);
      const others = (world.room?.machines ?? []).filter((other) => other !== machine);
      const cut = (how: 'lose' | 'find'): void => {
        machine[how](others.map(({ address }) => address));
        for (const other of others) other[how]([machine.address]);
      };
      cut('lose');
      try {
        await pass(APART_MS);
      } finally {
        cut('find');
      }
      return untilWhole(world);
    },
  },
];
