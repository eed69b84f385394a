/** What a name must be, as `NameSchema` of the contracts says; the server decides again. */
import type { Messages } from '../messages/en.ts';

/** Most characters of a name, as the contracts have it; counted in code points, as JSON Schema does. */
export const MAX_NAME_CHARS = 200;

/** Why a text cannot be a name. */
export type NameFault = 'blank' | 'tooLong' | 'control';

const CONTROL = /\p{Cc}/u;

function charsOf(text: string): number {
  return Array.from(text).length;
}

/** The fault of a name; null when there is none. Blanks around it do not count: they are cut off when saved. */
export function nameFault(name: string): NameFault | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'blank';
  if (CONTROL.test(trimmed)) return 'control';
  return charsOf(trimmed) > MAX_NAME_CHARS ? 'tooLong' : null;
}

/** The same in words; undefined when there is no fault. */
export function nameError(name: string, words: Messages['forms']['nameError']): string | undefined {
  const fault = nameFault(name);
  if (fault === null) return undefined;
  if (fault === 'tooLong') return words.tooLong(MAX_NAME_CHARS, charsOf(name.trim()));
  return words[fault];
}
