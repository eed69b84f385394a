import { describeSeeds } from './seeds.ts';

describeSeeds(
  'live',
  { from: 1, count: 200 },
  'every view ends with the newest fixes of what it may see and never goes back in time',
);
