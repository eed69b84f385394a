import { describeSeeds } from './seeds.ts';

describeSeeds('all', { from: 1, count: 150 }, 'all services in every process');
