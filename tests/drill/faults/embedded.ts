/** One process with everything in it. */
import type { Fault } from './fault.ts';

export const embeddedFaults: readonly Fault[] = [
  {
    name: 'embedded-kill',
    world: 'embedded',
    isShort: false,
    about:
      'SIGKILL to the one process that has all roles and the log in it; it is started again at once',
    async make({ world: { slots, tellViewers } }) {
      for (const slot of slots) {
        await slot.kill();
        await slot.start();
      }
      await tellViewers();
      return {};
    },
  },
];
