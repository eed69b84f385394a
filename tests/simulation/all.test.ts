import { describeSeeds } from './seeds.ts';

describeSeeds('all', { from: 1, count: 100 }, 'x');
