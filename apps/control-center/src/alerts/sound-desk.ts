/**
 * When what rings. A critical alert rings at once and every five seconds until somebody answers it; a high one
 * rings once, softly. Muting is for this seat, for a minute, and in sight; a critical alert that comes meanwhile
 * was not what was muted, and rings.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { createListeners } from './listeners.ts';
import type { SoundPlayer } from './sound-player.ts';

/** How long a mute lasts. */
export const MUTE_MS = 60_000;
/** Between two rings. */
export const RING_EVERY_MS = 5000;
/** The least between two rings, also of alerts that come together: one voice at a time. */
export const RING_APART_MS = 1000;

/** One moment of the desk. */
export interface SoundSnapshot {
  /** Something rings, or would if it were not muted. */
  readonly isRinging: boolean;
  /** When a mute ends, ms since 1970; null while there is none. */
  readonly mutedUntilMs: number | null;
  /** Only critical alerts ring; remembered on this machine. */
  readonly isQuiet: boolean;
  /** The browser was asked for sound and refuses it until somebody touches the page. */
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
  /** Asks the browser for sound, which it grants after a click at the latest. Answers whether it is granted. */
  turnOn(): Promise<boolean>;
  /** Ends every sound, and gives the browser's audio back. */
  stop(): void;
}

/** The ring of critical alerts: one voice, in its rhythm, until it is silenced. */
function createBell(
  { clock, player }: Pick<SoundDeskDeps, 'clock' | 'player'>,
  onRing: () => void,
): { ring(): void; after(delayMs: number, run: () => void): void; silence(): void } {
  let lastRingMs = Number.NEGATIVE_INFINITY;
  let cancel: CancelTimer | null = null;

  function silence(): void {
    cancel?.();
    cancel = null;
  }
  function after(delayMs: number, run: () => void): void {
    silence();
    cancel = clock.after(delayMs, run);
  }
  function ring(): void {
    const waitMs = lastRingMs + RING_APART_MS - clock.nowMs();
    if (waitMs > 0) return after(waitMs, ring);
    lastRingMs = clock.nowMs();
    player.play('critical');
    after(RING_EVERY_MS, ring);
    onRing();
  }
  return { ring, after, silence };
}

/** Makes a desk that rings for nothing yet. */
export function createSoundDesk({ clock, player, memory }: SoundDeskDeps): SoundDesk {
  const listeners = createListeners();
  let unanswered: ReadonlySet<number> = new Set();
  let mutedUntilMs: number | null = null;
  let isQuiet = memory.read();
  let current = makeSnapshot();

  function makeSnapshot(): SoundSnapshot {
    const isRinging = unanswered.size > 0;
    return { isRinging, mutedUntilMs, isQuiet, isBlocked: player.isBlocked() };
  }
  function publish(): void {
    current = makeSnapshot();
    listeners.tell();
  }
  const bell = createBell({ clock, player }, publish);
  const stopListening = player.subscribe(publish);
  /** Ends a mute; what nobody has answered rings again. */
  function unmute(): void {
    bell.silence();
    mutedUntilMs = null;
    if (unanswered.size > 0) bell.ring();
    publish();
  }

  return {
    snapshot: () => current,
    subscribe: listeners.add,
    setUnanswered(alertIds) {
      const hasNew = alertIds.some((id) => !unanswered.has(id));
      unanswered = new Set(alertIds);
      if (hasNew || unanswered.size === 0) unmute();
      else publish();
    },
    ringSoftly() {
      // over the ring of a critical one nobody would hear it
      if (!isQuiet && mutedUntilMs === null && unanswered.size === 0) player.play('soft');
    },
    mute() {
      mutedUntilMs = clock.nowMs() + MUTE_MS;
      bell.after(MUTE_MS, unmute);
      publish();
    },
    unmute,
    setQuiet(next) {
      isQuiet = next;
      memory.write(next);
      publish();
    },
    test: () => player.play('critical'),
    turnOn: () => player.unlock(),
    stop() {
      bell.silence();
      stopListening();
      player.stop();
    },
  };
}
