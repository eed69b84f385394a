/** The drill's side of the load generators. */
import { startChild, type Child } from '../child.ts';
import { fixesOf, type KnownFix } from '../oracle/expectation.ts';
import type { Collected, LoadPlan, LoadStatus, Target } from './messages.ts';

/** One generator. */
export interface Load {
  readonly plan: LoadPlan;
  resume(): Promise<void>;
  /** No more fixes; those that are held are still sent. */
  pause(): Promise<void>;
  aim(targets: readonly Target[]): Promise<void>;
  /** Every device drops its connection, dials at once and has something to tell. */
  reconnect(): Promise<void>;
  status(): Promise<LoadStatus>;
  /** Fixes acknowledged since the last time. */
  collect(): Promise<KnownFix[]>;
  end(): Promise<void>;
}

/** Starts a generator; its devices dial, and make no fix before `resume`. */
export async function startLoad(plan: LoadPlan): Promise<Load> {
  const child: Child = await startChild('load/load.ts');
  await child.ask('begin', plan);
  return {
    plan,
    resume: () => child.ask('resume'),
    pause: () => child.ask('pause'),
    aim: (targets) => child.ask('target', targets),
    reconnect: () => child.ask('reconnect'),
    status: () => child.ask<LoadStatus>('status'),
    collect: async () => fixesOf((await child.ask<Collected>('collect')).fixes),
    end: () => child.end(),
  };
}
