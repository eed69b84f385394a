/** The browser's audio, as the sound player takes it. */
import type { AudioContextLike } from '../alerts/sound-player.ts';

/** A context to sound with; null where the browser has none. */
export function makeAudioContext(): AudioContextLike | null {
  return typeof AudioContext === 'undefined' ? null : new AudioContext();
}

/**
 * Calls `run` after every press and key until stopped. At their end, since what `run` changes must not move
 * the page from under a pointer that is down: the press would land on something else.
 */
export function watchTouches(run: () => void): () => void {
  window.addEventListener('click', run, { capture: true });
  window.addEventListener('keyup', run, { capture: true });
  return () => {
    window.removeEventListener('click', run, { capture: true });
    window.removeEventListener('keyup', run, { capture: true });
  };
}
