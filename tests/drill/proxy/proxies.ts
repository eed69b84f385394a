/** The drill's side of the links. */
import { startChild } from '../child.ts';
import type { Cut, LinkMode, LinkTarget } from './link.ts';

export interface Proxies {
  /** Makes a link; answers the port of 127.0.0.1 it listens on. */
  add(name: string, target: LinkTarget | null): Promise<number>;
  /** Where new connections of a link go; null: nowhere. */
  lead(name: string, target: LinkTarget | null): Promise<void>;
  /** Puts links into a mode. */
  enter(names: readonly string[], mode: LinkMode): Promise<void>;
  /** Ends what is open on links. */
  cut(names: readonly string[], how: Cut): Promise<void>;
  /** Ends the process with all links. */
  end(): Promise<void>;
}

/** Starts the process of the links. */
export async function startProxies(): Promise<Proxies> {
  const child = await startChild('proxy/proxy.ts');
  return {
    add: (name, target) => child.ask<number>('add', { name, target }),
    lead: (name, target) => child.ask('lead', { name, target }),
    enter: (names, mode) => child.ask('enter', { names, mode }),
    cut: (names, how) => child.ask('cut', { names, how }),
    end: () => child.end(),
  };
}
