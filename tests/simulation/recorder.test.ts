import { describeSeeds } from './seeds.ts';

describeSeeds(
  'recorder',
  { from: 1, count: 900 },
  'every acknowledged fix is recorded once, whatever dies',
);
