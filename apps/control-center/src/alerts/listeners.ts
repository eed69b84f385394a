/** Those who hear of a change, each until it stops. */
export interface Listeners {
  add(listener: () => void): () => void;
  tell(): void;
  clear(): void;
}

/** Nobody yet. */
export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell() {
      for (const listener of listeners) listener();
    },
    clear: () => listeners.clear(),
  };
}
