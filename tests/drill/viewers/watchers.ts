/** The drill's side of the viewers. */
import { startChild } from '../child.ts';
import type { ViewerPlan, ViewerReport } from './messages.ts';

export interface Watchers {
  add(name: string, plan: ViewerPlan): Promise<void>;
  /** Addresses of client processes to dial from now on. */
  moveTo(urls: readonly string[]): Promise<void>;
  report(name: string): Promise<ViewerReport>;
  /** Tracker id, event number and time of hearing, of every event told since the last time. */
  takeEvents(name: string): Promise<Float64Array>;
  remove(name: string): Promise<void>;
  end(): Promise<void>;
}

/** Starts the process of the viewers. */
export async function startWatchers(): Promise<Watchers> {
  const child = await startChild('viewers/viewers.ts');
  return {
    add: (name, plan) => child.ask('add', { name, plan }),
    moveTo: (urls) => child.ask('moveTo', urls),
    report: (name) => child.ask<ViewerReport>('report', name),
    takeEvents: (name) => child.ask<Float64Array>('takeEvents', name),
    remove: (name) => child.ask('end', name),
    end: () => child.end(),
  };
}
