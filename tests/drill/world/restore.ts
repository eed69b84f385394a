/** Makes an installation whole after a fault, also after one that failed half-way. */
import type { World } from './world.ts';

/** Links pass, engines run, every slot has a process that is not frozen. */
export async function restore(world: World): Promise<void> {
  const links = world.slots.flatMap(({ links: { log, store } }) =>
    world.plan.kind === 'one' ? [log, store] : [store],
  );
  const devices = world.slotsOf('tracker').map(({ links }) => links.devices);
  await world.proxies.enter([...links, ...devices], { kind: 'pass' });
  for (const nats of world.nats) {
    if (nats.isRunning()) await nats.resume();
    else await nats.restart();
  }
  world.postgres.signal('SIGCONT');
  for (const slot of world.slots) {
    slot.process?.thaw();
    if (slot.isEmpty) await slot.start();
  }
  await world.tellViewers();
}
