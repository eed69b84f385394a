import type { cluster as en } from '../en/cluster.ts';
import { counted } from './counting.ts';

export const cluster: typeof en = {
  region: 'Trackers op één plek',
  title: (n) => `${counted(n, 'tracker', 'trackers')} op deze plek`,
  text: 'Te dicht bij elkaar om los te tekenen.',
  cut: (shown) => `De eerste ${shown} staan in de lijst. Zoom in om de andere te zien.`,
};
