import { counted } from './counting.ts';

/** Sentences of the panel of trackers too close to be drawn apart. */
export const cluster = {
  region: 'Trackers at one place',
  title: (n: number) => `${counted(n, 'tracker', 'trackers')} here`,
  text: 'Too close to each other to be drawn apart.',
  cut: (shown: string) => `The first ${shown} are listed. Zoom in to see the others.`,
};
