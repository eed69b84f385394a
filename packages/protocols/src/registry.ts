/** Every device family we speak. A new family is one line here. */
import { meitrack } from './meitrack/protocol.ts';
import type { Protocol } from './protocol.ts';

/** All families, in the order of their ports. */
export const PROTOCOLS: readonly Protocol[] = [meitrack];

/** The family of that name, as the command line and the configuration write it. */
export function protocolByName(name: string): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.name === name);
}
