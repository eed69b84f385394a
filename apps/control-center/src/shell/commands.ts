/**
 * Everything that can be done by a key or from the palette, in one registry: the keys, the palette and the
 * list of keys read the same entries, so that they never say different things.
 */
import type { LucideIcon } from 'lucide-react';
import { createContext, useContext, useEffect, useId, useSyncExternalStore } from 'react';

/** The headings under which keys are listed. */
export const COMMAND_GROUPS = ['everywhere', 'sections', 'alerts', 'live', 'drawing'] as const;

/** One thing that can be done. */
export interface Command {
  readonly id: string;
  /** What it does, verb first. */
  readonly title: string;
  readonly group: (typeof COMMAND_GROUPS)[number];
  readonly icon?: LucideIcon;
  /**
   * Ways to press it, as `A`, `G L` (one after the other), `Mod+K` (Ctrl, or ⌘ on a Mac), `Escape`. What
   * several ways have in common is written once in the list of keys.
   */
  readonly keys: readonly string[];
  /** Null: a part of the page hears these keys itself; they are only listed. */
  readonly run: (() => void) | null;
  /** It can be done here and now; true when left out. */
  readonly isEnabled?: boolean;
  /** It stands in the palette; true when left out. */
  readonly inPalette?: boolean;
}

/** See the file's heading. */
export interface CommandRegistry {
  /** Puts the commands of one owner in place of those it had. */
  put(owner: string, commands: readonly Command[]): void;
  remove(owner: string): void;
  /** All of them, in the order their owners came. The same array until something about them changed. */
  snapshot(): readonly Command[];
  subscribe(listener: () => void): () => void;
}

/** What a list of commands shows: two lists with the same look differ only in what they run. */
function lookOf(commands: readonly Command[]): string {
  return JSON.stringify(
    commands.map(({ run, ...words }) => ({ ...words, isListed: run === null })),
  );
}

/** Makes an empty registry. */
export function createCommandRegistry(): CommandRegistry {
  const owners = new Map<string, readonly Command[]>();
  const listeners = new Set<() => void>();
  let all: readonly Command[] = [];

  /** What is run is looked up when it is run: who lists commands need not draw again for it. */
  function latest(owner: string, command: Command): Command {
    if (command.run === null) return command;
    const find = () => owners.get(owner)?.find(({ id }) => id === command.id);
    return { ...command, run: () => find()?.run?.() };
  }
  function publish(): void {
    all = [...owners].flatMap(([owner, list]) => list.map((command) => latest(owner, command)));
    for (const listener of listeners) listener();
  }
  return {
    put(owner, commands) {
      const isSame = lookOf(owners.get(owner) ?? []) === lookOf(commands);
      owners.set(owner, commands);
      if (!isSame) publish();
    },
    remove(owner) {
      if (owners.delete(owner)) publish();
    },
    snapshot: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The registry of the session. */
export const CommandsContext = createContext<CommandRegistry | null>(null);

function useRegistry(): CommandRegistry {
  const registry = useContext(CommandsContext);
  if (registry === null) throw new Error('commands are used outside of CommandsContext');
  return registry;
}

/** Offers commands for as long as the caller is on the page; may be another list at every render. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const owner = useId();
  useEffect(() => registry.put(owner, commands), [registry, owner, commands]);
  useEffect(() => () => registry.remove(owner), [registry, owner]);
}

/** Every command there is; renders the caller when one comes, goes or reads differently. */
export function useAllCommands(): readonly Command[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.snapshot);
}
