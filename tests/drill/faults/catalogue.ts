/** Every fault of the drill, in the order in which it makes them. */
import { clusterFaults } from './cluster.ts';
import { crowdFaults } from './crowds.ts';
import { embeddedFaults } from './embedded.ts';
import { engineFaults } from './engines.ts';
import type { Fault } from './fault.ts';
import { linkFaults } from './links.ts';
import { roleFaults } from './roles.ts';

export const FAULTS: readonly Fault[] = [
  ...embeddedFaults,
  ...roleFaults,
  ...engineFaults,
  ...linkFaults,
  ...crowdFaults,
  ...clusterFaults,
];
