import type { Cast } from './plan.ts';

/** Seeds that once went wrong, with what it was; they run before all others. */
export const REGRESSIONS: Readonly<Record<Cast, readonly number[]>> = {
  operator: [],
  recorder: [],
  notification: [],
  live: [],
  all: [],
};
