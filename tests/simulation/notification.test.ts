import { describeSeeds } from './seeds.ts';

describeSeeds(
  'notification',
  { from: 1, count: 160 },
  'NT5 NT11 NT21 every crossing and SOS counts once and is told, whatever dies',
);
