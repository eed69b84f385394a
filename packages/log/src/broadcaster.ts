/** Telling the subscribers of one process. */

export interface Broadcaster {
  broadcast(subject: string, payload: Uint8Array): void;
  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void;
  /** Forgets all subscribers. */
  close(): void;
}

/**
 * A broadcaster; `onFailure` hears what a subscriber threw, the others are told all the same. Subscribers are
 * told in a later microtask, never inside the call of `broadcast`, each with bytes of its own.
 */
export function createBroadcaster(
  onFailure: (subject: string, error: unknown) => void,
): Broadcaster {
  const subscribers = new Map<string, Set<(payload: Uint8Array) => void>>();
  const tell = (subject: string, payload: Uint8Array): void => {
    for (const hear of subscribers.get(subject) ?? []) {
      try {
        hear(new Uint8Array(payload));
      } catch (error) {
        onFailure(subject, error);
      }
    }
  };
  return {
    broadcast(subject, payload) {
      if (!subscribers.has(subject)) return;
      const copy = new Uint8Array(payload);
      queueMicrotask(() => tell(subject, copy));
    },
    subscribe(subject, hear) {
      const own = (payload: Uint8Array): void => hear(payload);
      const present = subscribers.get(subject) ?? new Set();
      subscribers.set(subject, present.add(own));
      return () => {
        present.delete(own);
        if (present.size === 0 && subscribers.get(subject) === present) subscribers.delete(subject);
      };
    },
    close: () => subscribers.clear(),
  };
}
