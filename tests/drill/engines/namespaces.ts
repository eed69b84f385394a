/**
 * Machines of their own for the servers of a cluster: network namespaces, joined to a bridge by veth pairs. Names and
 * addresses are random, so drills do not meet; all of it goes with `remove`, which also runs when the drill is ended
 * by a signal.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { atExit } from '../at-exit.ts';

export interface Machine {
  readonly address: string;
  /** Put before a program to run it there. */
  readonly prefix: readonly string[];
  /** Pulls the plug: nothing comes in or goes out, and nobody is told. */
  unplug(): void;
  plugIn(): void;
  /** What is sent to `addresses` from here vanishes. */
  lose(addresses: readonly string[]): void;
  find(addresses: readonly string[]): void;
}

export interface MachineRoom {
  readonly machines: readonly Machine[];
  /** Removes everything; may be called twice. */
  remove(): void;
}

const ip = (...args: string[]): void => {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 });
};

/** Whether machines can be made here: root, and a kernel and tools that can. */
function canMakeMachines(): boolean {
  if (process.getuid?.() !== 0) return false;
  const name = `fmtry${randomBytes(3).toString('hex')}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false;
  }
}

/** Makes `count` machines that reach each other and this one. @throws Error when that cannot be here, or as `ip` says. */
export function makeMachines(count: number): MachineRoom {
  if (!canMakeMachines()) {
    throw new Error(
      'A cluster needs network namespaces: run the drill as root, or choose other faults with --only.',
    );
  }
  const suffix = randomBytes(3).toString('hex');
  const bridge = `fmb${suffix}`;
  const network = `10.${randomInt(200, 250)}.${randomInt(1, 255)}`;
  const spaces: string[] = [];
  const links: string[] = [];
  const remove = (): void => {
    for (const space of spaces.splice(0)) quietly('netns', 'del', space);
    // a space lives on while a process in it does, and would keep its link
    for (const link of links.splice(0)) quietly('link', 'del', link);
    quietly('link', 'del', bridge);
    spare();
  };
  const spare = atExit(remove);
  try {
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('addr', 'add', `${network}.1/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    const machines = Array.from({ length: count }, (_, place) => {
      const space = `fm${suffix}n${place + 1}`;
      ip('netns', 'add', space);
      spaces.push(space);
      const link = `fmv${suffix}${place + 1}`;
      links.push(link);
      return makeMachine({ space, bridge, link, address: `${network}.${place + 2}` });
    });
    return { machines, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function makeMachine(place: {
  readonly space: string;
  readonly bridge: string;
  readonly link: string;
  readonly address: string;
}): Machine {
  const { space, bridge, link, address } = place;
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
  ip('link', 'set', link, 'master', bridge);
  ip('link', 'set', link, 'up');
  ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  ip('-n', space, 'link', 'set', 'eth0', 'up');
  ip('-n', space, 'link', 'set', 'lo', 'up');
  return {
    address,
    prefix: ['ip', 'netns', 'exec', space],
    unplug: () => ip('link', 'set', link, 'nomaster'),
    plugIn: () => ip('link', 'set', link, 'master', bridge),
    lose(addresses) {
      for (const other of addresses) ip('-n', space, 'route', 'add', 'blackhole', `${other}/32`);
    },
    find(addresses) {
      for (const other of addresses) ip('-n', space, 'route', 'del', 'blackhole', `${other}/32`);
    },
  };
}

function quietly(...args: string[]): void {
  try {
    ip(...args);
  } catch {
    // it was not there, or is gone by now
  }
}
