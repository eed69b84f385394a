import { describeSeeds } from './seeds.ts';

describeSeeds('all', { from: 1, count: 60 }, 'all services in every process');
