import { describeSeeds } from './seeds.ts';

describeSeeds('recorder', { from: 1, count: 100 }, 'x');
