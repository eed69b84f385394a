/** What a key means on the drawing surface. Pure: the page does what it says. */
import type { LonLat } from '../places/sphere.ts';
import { cornersOf, shifted } from './draft.ts';
import type { DrawAction, Drawing } from './drawing.ts';

/** A key with what was held down. */
export interface Press {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, or ⌘. */
  readonly command: boolean;
  /** The key is held down and tells it again. */
  readonly isRepeat: boolean;
}

/**
 * What a key comes to: a change of the drawing, a step of the crosshair in pixels, or the end. `leave`: no corner
 * is chosen any more and the next Tab goes on. `nothing`: not even what the browser would do.
 */
export type KeyMeaning =
  | { readonly type: 'draw'; readonly action: DrawAction }
  | { readonly type: 'crosshair'; readonly rightPx: number; readonly downPx: number }
  | { readonly type: 'done' }
  | { readonly type: 'leave' }
  | { readonly type: 'nothing' };

const ARROWS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Keys that count once however long they are held. */
const ONCE: ReadonlySet<string> = new Set(['Enter', ' ']);
const CROSSHAIR_PX = 4;
const SHIFT_TIMES = 10;
const CORNER_M = 1;

const drawing = (action: DrawAction): KeyMeaning => ({ type: 'draw', action });

function undoKey({ key, shift, command }: Press): KeyMeaning | null {
  const letter = key.toLowerCase();
  if (!command) return null;
  if (letter === 'z') return drawing({ type: shift ? 'redo' : 'undo' });
  return letter === 'y' ? drawing({ type: 'redo' }) : null;
}

function openKey(press: Press, at: LonLat | null): KeyMeaning | null {
  const arrow = ARROWS[press.key];
  if (arrow !== undefined) {
    const px = CROSSHAIR_PX * (press.shift ? SHIFT_TIMES : 1);
    return { type: 'crosshair', rightPx: arrow[0] * px, downPx: arrow[1] * px };
  }
  switch (press.key) {
    case 'Enter':
    case ' ':
      // out of sight it is shown first: nobody sets a corner without seeing where
      if (at === null) return { type: 'crosshair', rightPx: 0, downPx: 0 };
      return drawing({ type: 'place', at });
    case 'Backspace':
    case 'Delete':
      return drawing({ type: 'remove', corner: null });
    case 'd':
    case 'D':
      return drawing({ type: 'finish' });
    default:
      return null;
  }
}

/** The handle after or before the active one; null leaves the surface. */
function nextCorner(active: number | null, count: number, isBack: boolean): number | null {
  if (active === null) return isBack ? null : 0;
  const next = active + (isBack ? -1 : 1);
  return next < 0 || next >= count ? null : next;
}

function editKey(press: Press, state: Drawing): KeyMeaning | null {
  const { draft, active } = state;
  if (draft === null) return null;
  const corners = cornersOf(draft);
  if (press.key === 'Tab') {
    const corner = nextCorner(active, corners.length, press.shift);
    return corner === null ? null : drawing({ type: 'activate', corner });
  }
  if (press.key === 'Enter') return { type: 'done' };
  // a way on for Tab past any number of corners
  if (press.key === 'Escape') return { type: 'leave' };
  const at = active === null ? undefined : corners[active];
  if (active === null || at === undefined) return null;
  const arrow = ARROWS[press.key];
  if (arrow !== undefined) {
    const metres = CORNER_M * (press.shift ? SHIFT_TIMES : 1);
    const to = shifted(at, arrow[0] * metres, -arrow[1] * metres);
    return drawing({ type: 'move', corner: active, to, gesture: `arrows ${active}` });
  }
  if (press.key === 'Delete' || press.key === 'Backspace') {
    return drawing({ type: 'remove', corner: active });
  }
  return null;
}

/**
 * The meaning of a key; null when it has none here and belongs to the browser.
 * @param crosshair where the crosshair stands; null while it is out of sight.
 */
export function keyMeaning(
  press: Press,
  state: Drawing,
  crosshair: LonLat | null,
): KeyMeaning | null {
  const undo = undoKey(press);
  if (undo !== null || press.command) return undo;
  // held a moment too long it would set a corner, close the shape and save it
  if (press.isRepeat && ONCE.has(press.key)) return { type: 'nothing' };
  return state.isOpen ? openKey(press, crosshair) : editKey(press, state);
}
