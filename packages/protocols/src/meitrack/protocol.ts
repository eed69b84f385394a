import type { Protocol } from '../protocol.ts';
import { encodeCommand } from './command.ts';
import { createMeitrackDecoder } from './decode.ts';
import { createMeitrackFramer } from './frame.ts';

function createMeitrack(): Protocol {
  // no frame depends on the one before: one decoder serves all connections and saves each of them 5 kB
  const decoder = createMeitrackDecoder();
  return {
    name: 'meitrack',
    label: 'Meitrack',
    portOffset: 2,
    createFramer: createMeitrackFramer,
    createDecoder: () => decoder,
    encodeCommand,
  };
}

/** Meitrack: MT90 and its relatives. */
export const meitrack: Protocol = createMeitrack();
