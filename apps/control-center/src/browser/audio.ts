/** The browser's audio, as the sound player takes it. */
import type { AudioContextLike } from '../alerts/sound-player.ts';

/** A context to sound with; null where the browser has none. */
export function makeAudioContext(): AudioContextLike | null {
  return typeof AudioContext === 'undefined' ? null : new AudioContext();
}

/** Whether somebody has touched this page since it was loaded. */
export function wasPageTouched(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false;
}

/** Calls `run` at every press and key until stopped. */
export function watchTouches(run: () => void): () => void {
  window.addEventListener('pointerdown', run, { capture: true });
  window.addEventListener('keydown', run, { capture: true });
  return () => {
    window.removeEventListener('pointerdown', run, { capture: true });
    window.removeEventListener('keydown', run, { capture: true });
  };
}
