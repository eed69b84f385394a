/**
 * When what rings. A critical alert rings at once and every five seconds until somebody answers it; a high one
 * rings once, softly. Muting is for this seat, for a minute, and in sight; a critical alert that comes meanwhile
 * was not what was muted, and rings.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import type { SoundPlayer } from './sound-player.ts';

/** How long a mute lasts. */
export const MUTE_MS = 60_000;
/** Between two rings. */
export const RING_EVERY_MS = 5000;

/** One moment of the desk. */
export interface SoundSnapshot {
  /** Something rings, or would if it were not muted. */
  readonly isRinging: boolean;
  /** When a mute ends, ms since 1970; null while there is none. */
  readonly mutedUntilMs: number | null;
  /** Only critical alerts ring; remembered on this machine. */
  readonly isQuiet: boolean;
  /** The browser refuses sound until somebody touches the page. */
  readonly isBlocked: boolean;
}

interface SoundDeskDeps {
  readonly clock: BrowserClock;
  readonly player: SoundPlayer;
  /** Remembers whether only critical alerts ring. */
  readonly memory: { read(): boolean; write(isQuiet: boolean): void };
}

/** See the file's heading. */
export interface SoundDesk {
  snapshot(): SoundSnapshot;
  subscribe(listener: () => void): () => void;
  /** The critical alerts that nobody has answered. */
  setUnanswered(alertIds: readonly number[]): void;
  ringSoftly(): void;
  mute(): void;
  unmute(): void;
  setQuiet(isQuiet: boolean): void;
  /** Lets the sound of a critical alert be heard; call it within a click. */
  test(): void;
  /** Asks the browser for sound; call it within a click. Answers whether it is granted. */
  turnOn(): Promise<boolean>;
  stop(): void;
}

/** Makes a desk that rings for nothing yet. */
export function createSoundDesk({ clock, player, memory }: SoundDeskDeps): SoundDesk {
  const listeners = new Set<() => void>();
  let unanswered: ReadonlySet<number> = new Set();
  let mutedUntilMs: number | null = null;
  let isQuiet = memory.read();
  let cancelRing: CancelTimer | null = null;
  let current = makeSnapshot();

  function makeSnapshot(): SoundSnapshot {
    const isRinging = unanswered.size > 0;
    return { isRinging, mutedUntilMs, isQuiet, isBlocked: player.isBlocked() };
  }
  function publish(): void {
    current = makeSnapshot();
    for (const listener of listeners) listener();
  }
  function silence(): void {
    cancelRing?.();
    cancelRing = null;
  }
  function ring(): void {
    mutedUntilMs = null;
    player.play('critical');
    cancelRing = clock.after(RING_EVERY_MS, ring);
    publish();
  }
  const stopPlayer = player.subscribe(publish);

  return {
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setUnanswered(alertIds) {
      const hasNew = alertIds.some((id) => !unanswered.has(id));
      unanswered = new Set(alertIds);
      if (unanswered.size === 0) {
        silence();
        mutedUntilMs = null;
      } else if (hasNew) {
        silence();
        ring();
      }
      publish();
    },
    ringSoftly() {
      // over the ring of a critical one nobody would hear it
      if (!isQuiet && mutedUntilMs === null && unanswered.size === 0) player.play('soft');
    },
    mute() {
      silence();
      mutedUntilMs = clock.nowMs() + MUTE_MS;
      cancelRing = clock.after(MUTE_MS, () => {
        mutedUntilMs = null;
        if (unanswered.size > 0) ring();
        else publish();
      });
      publish();
    },
    unmute() {
      silence();
      mutedUntilMs = null;
      if (unanswered.size > 0) ring();
      publish();
    },
    setQuiet(next) {
      isQuiet = next;
      memory.write(next);
      publish();
    },
    test: () => player.play('critical'),
    turnOn: () => player.unlock(),
    stop() {
      silence();
      stopPlayer();
    },
  };
}
