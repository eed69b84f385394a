import { describeSeeds } from './seeds.ts';

describeSeeds(
  'operator',
  { from: 1, count: 700 },
  'GF19 GF20 GF21 GF22 every crossing once, in order, whatever dies',
);
