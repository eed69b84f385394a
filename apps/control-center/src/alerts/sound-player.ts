/**
 * Plays the two sounds of alerts, made by the browser itself: no file to load, nothing that can be missing.
 * A browser lets a page sound only after somebody touched it; until then every sound is refused, and said so.
 */
import type { BrowserClock } from '../browser/clock.ts';
import { createListeners } from './listeners.ts';

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
  close(): Promise<void>;
  addEventListener(type: 'statechange', listener: () => void): void;
}

interface SoundPlayerDeps {
  readonly clock: BrowserClock;
  /** Null where the browser has no sound at all. */
  readonly makeContext: () => AudioContextLike | null;
}

/** See the file's heading. */
export interface SoundPlayer {
  play(sound: SoundName): void;
  /** Asks the browser, which grants it after a click or a key press at the latest. Answers whether sound works now. */
  unlock(): Promise<boolean>;
  /** The browser was asked for sound and refuses it. */
  isBlocked(): boolean;
  /** Hears when sound was blocked or unblocked. */
  subscribe(listener: () => void): () => void;
  /** Gives the browser's audio back; nothing is played any more. */
  stop(): void;
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

/** The browser's audio: made when it is first needed, given back at the end. */
class BrowserAudio {
  /** Undefined until it is needed; null where there is none, and when it was given back. */
  #context: AudioContextLike | null | undefined;
  /** An answer was waited for: until then nobody knows. */
  #wasAsked = false;
  readonly #deps: SoundPlayerDeps;
  readonly #onChange: () => void;

  constructor(deps: SoundPlayerDeps, onChange: () => void) {
    this.#deps = deps;
    this.#onChange = onChange;
  }

  get isBlocked(): boolean {
    return this.#wasAsked && this.#context?.state !== 'running';
  }

  /** Answers the context once it runs; null when it does not within the time that one that may needs. */
  async start(): Promise<AudioContextLike | null> {
    const context = this.#made();
    if (context?.state === 'running') return context;
    // a resume that is refused may stay without an answer for ever
    await Promise.race([
      context?.resume().catch(() => undefined),
      new Promise<void>((resolve) => this.#deps.clock.after(START_LIMIT_MS, resolve)),
    ]);
    this.#wasAsked = true;
    this.#onChange();
    return context?.state === 'running' ? context : null;
  }

  stop(): void {
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  #made(): AudioContextLike | null {
    if (this.#context === undefined) {
      this.#context = this.#deps.makeContext();
      this.#context?.addEventListener('statechange', this.#onChange);
    }
    return this.#context;
  }
}

/** Makes a player that is silent until told otherwise. */
export function createSoundPlayer(deps: SoundPlayerDeps): SoundPlayer {
  const listeners = createListeners();
  const audio = new BrowserAudio(deps, listeners.tell);
  let waiting: SoundName | null = null;

  return {
    play(sound) {
      waiting = sound;
      void audio.start().then((context) => {
        // only the newest: whoever unlocks sound later does not hear all that was missed
        if (context === null || waiting !== sound) return;
        waiting = null;
        for (const tone of TONES[sound]) startTone(context, tone);
      });
    },
    unlock: async () => (await audio.start()) !== null,
    isBlocked: () => audio.isBlocked,
    subscribe: listeners.add,
    stop() {
      listeners.clear();
      audio.stop();
    },
  };
}
