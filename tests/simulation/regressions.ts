import type { Cast } from './plan.ts';

/** Seeds that once went wrong, with what it was; they run before all others. */
export const REGRESSIONS: Readonly<Record<Cast, readonly number[]>> = {
  operator: [],
  recorder: [],
  // who left in order still held a lane that was given out without being heard
  notification: [100],
  live: [],
  all: [],
};
