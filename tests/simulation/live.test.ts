import { describeSeeds } from './seeds.ts';

describeSeeds('live', { from: 1, count: 100 }, 'x');
