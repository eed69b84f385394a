import { createContext, useContext, useSyncExternalStore } from 'react';
import type { SoundDesk, SoundSnapshot } from './sound-desk.ts';

/** The sounds of this seat. */
export const SoundContext = createContext<SoundDesk | null>(null);

/** @throws Error outside of a session. */
export function useSoundDesk(): SoundDesk {
  const desk = useContext(SoundContext);
  if (desk === null) throw new Error('useSoundDesk is called outside of SoundContext');
  return desk;
}

/** What rings, what is muted, whether the browser lets it. */
export function useSound(): SoundSnapshot {
  const desk = useSoundDesk();
  return useSyncExternalStore(desk.subscribe, desk.snapshot);
}
