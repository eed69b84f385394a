/** Which command a key press means. Keeps the first key of a sequence, as G of "G then L", for a moment. */
import type { Command } from './commands.ts';

/** A key press, as far as it matters. */
export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac. */
  readonly isMod: boolean;
  readonly isAlt: boolean;
  /** Counts for keys without a character only: of the others it makes another character. */
  readonly isShift: boolean;
  /** Where it was pressed, letters are text, or belong to a list or a dialog. */
  readonly isTyping: boolean;
  readonly timeMs: number;
}

/** How long the second key of a sequence may take. */
export const SEQUENCE_MS = 1500;

/** See the file's heading. */
export interface KeyReader {
  /** The command to run, or null. `isWaiting` is true when this was the first key of a sequence. */
  read(
    press: KeyPress,
    commands: readonly Command[],
  ): { readonly command: Command | null; readonly isWaiting: boolean };
}

/** How a press is written in `Command.keys`. */
function nameOf({ key, isMod, isShift }: KeyPress): string {
  if (key.length === 1) return isMod ? `Mod+${key.toUpperCase()}` : key.toUpperCase();
  const shifted = isShift && key !== 'Shift' ? `Shift+${key}` : key;
  return isMod ? `Mod+${shifted}` : shifted;
}

/** Keys that write a character: they are text where text is typed, and can be switched off. */
export function isCharacterKey(keys: string): boolean {
  return keys.split(' ').every((key) => key.length === 1);
}

/** Makes a reader. `mayUseLetters`: whether single characters are commands at all, as the person chose. */
export function createKeyReader(deps: { readonly mayUseLetters: () => boolean }): KeyReader {
  let first = '';
  let firstMs = 0;

  return {
    read(press, commands) {
      const nothing = { command: null, isWaiting: false };
      const name = nameOf(press);
      const before = press.timeMs - firstMs <= SEQUENCE_MS ? first : '';
      first = '';
      // a lone Shift belongs to what follows
      if (name === 'Shift') {
        first = before;
        return nothing;
      }
      if (press.isAlt) return nothing;
      const usable = commands.filter(({ run, isEnabled }) => run !== null && isEnabled !== false);
      const isCharacter = isCharacterKey(name);
      if (isCharacter && (press.isTyping || !deps.mayUseLetters())) return nothing;
      const wanted = before === '' ? name : `${before} ${name}`;
      const hit = usable.find(({ keys }) => keys.includes(wanted));
      if (hit !== undefined) return { command: hit, isWaiting: false };
      if (before === '' && usable.some(({ keys }) => keys.some((k) => k.startsWith(`${name} `)))) {
        first = name;
        firstMs = press.timeMs;
        return { command: null, isWaiting: true };
      }
      return nothing;
    },
  };
}
