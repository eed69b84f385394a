/**
 * Plays the two sounds of alerts, made by the browser itself: no file to load, nothing that can be missing.
 * A browser lets a page sound only after somebody touched it; until then every sound is refused, and said so.
 */
import type { BrowserClock } from '../browser/clock.ts';

/** `critical`: two tones, to be heard across a room. `soft`: one low one. */
export type SoundName = 'critical' | 'soft';

/** What is used of an `AudioContext`. */
export interface AudioContextLike {
  readonly state: string;
  readonly currentTime: number;
  readonly destination: AudioNode;
  resume(): Promise<void>;
  createOscillator(): OscillatorNode;
  createGain(): GainNode;
  addEventListener(type: 'statechange', listener: () => void): void;
}

interface SoundPlayerDeps {
  readonly clock: BrowserClock;
  /** Null where the browser has no sound at all. */
  readonly makeContext: () => AudioContextLike | null;
  /** Whether somebody has touched the page, so that a context may run. */
  readonly wasTouched: () => boolean;
}

/** See the file's heading. */
export interface SoundPlayer {
  play(sound: SoundName): void;
  /** Call it within a click or a key press. Answers whether sound works now. */
  unlock(): Promise<boolean>;
  /** Sounds would not be heard. */
  isBlocked(): boolean;
  /** Hears when sound was blocked or unblocked. */
  subscribe(listener: () => void): () => void;
}

/** One tone: when it starts after the first, how long, how high, how loud of 1. */
interface Tone {
  readonly atS: number;
  readonly lengthS: number;
  readonly hertz: number;
  readonly gain: number;
}

const TONES: Readonly<Record<SoundName, readonly Tone[]>> = {
  critical: [
    { atS: 0, lengthS: 0.22, hertz: 880, gain: 0.5 },
    { atS: 0.26, lengthS: 0.32, hertz: 660, gain: 0.5 },
  ],
  soft: [{ atS: 0, lengthS: 0.4, hertz: 523, gain: 0.16 }],
};
/** Rise and fall of a tone: without them it clicks. */
const EDGE_S = 0.02;
/** A context that may run does so within this. */
const START_LIMIT_MS = 500;

function startTone(context: AudioContextLike, { atS, lengthS, hertz, gain }: Tone): void {
  const from = context.currentTime + atS;
  const to = from + lengthS;
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.type = 'triangle';
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(gain, from + EDGE_S);
  loudness.gain.setValueAtTime(gain, to - EDGE_S);
  loudness.gain.linearRampToValueAtTime(0, to);
  tone.connect(loudness);
  loudness.connect(context.destination);
  tone.start(from);
  tone.stop(to);
}

/** Makes a player that is silent until told otherwise. */
export function createSoundPlayer(deps: SoundPlayerDeps): SoundPlayer {
  const { clock } = deps;
  const listeners = new Set<() => void>();
  let context: AudioContextLike | null | undefined;
  let waiting: SoundName | null = null;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  function contextOrNull(): AudioContextLike | null {
    if (context === undefined) {
      context = deps.makeContext();
      context?.addEventListener('statechange', tell);
    }
    return context;
  }

  /** Waits for the context to run, as long as one that may does. */
  async function run(to: AudioContextLike): Promise<boolean> {
    if (to.state === 'running') return true;
    // a resume that is refused may stay without an answer for ever
    await Promise.race([
      to.resume().catch(() => undefined),
      new Promise<void>((resolve) => clock.after(START_LIMIT_MS, resolve)),
    ]);
    tell();
    return to.state === 'running';
  }

  return {
    play(sound) {
      const to = contextOrNull();
      if (to === null) return tell();
      waiting = sound;
      void run(to).then((isRunning) => {
        // only the newest: whoever unlocks sound later does not hear all that was missed
        if (!isRunning || waiting !== sound) return;
        waiting = null;
        for (const tone of TONES[sound]) startTone(to, tone);
      });
    },
    async unlock() {
      const to = contextOrNull();
      return to !== null && (await run(to));
    },
    isBlocked() {
      if (context === undefined) return !deps.wasTouched();
      return context?.state !== 'running';
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
