/** The order of the list of places, fast enough for a hundred thousand. */
import type { FenceReply } from '@followme/contracts';
import { foldText } from '../../live/live-tracker.ts';

/** Names as they are compared; a place that changes is another object. */
const folded = new WeakMap<FenceReply, string>();

/** The name without case and accents. */
export function foldedName(fence: FenceReply): string {
  let text = folded.get(fence);
  if (text === undefined) {
    text = foldText(fence.name);
    folded.set(fence, text);
  }
  return text;
}

/** Up to so many, names stand as the language orders them; comparing more so takes seconds. */
const ORDERED_BY_LANGUAGE = 5_000;

/** Places by name. With very many, names stand letter by letter without case and accents. */
export function sortPlaces(fences: readonly FenceReply[], locale: string): readonly FenceReply[] {
  if (fences.length <= ORDERED_BY_LANGUAGE) {
    const { compare } = new Intl.Collator(locale, { numeric: true });
    return fences.toSorted((a, b) => compare(a.name, b.name));
  }
  return fences.toSorted((a, b) => {
    const [first, second] = [foldedName(a), foldedName(b)];
    return first < second ? -1 : Number(first > second);
  });
}
