import { useEffect, useEffectEvent, useState } from 'react';
import { browserClock } from '../browser/clock.ts';
import { lettersOff } from '../browser/preferences.ts';
import { useAllCommands } from './commands.ts';
import { createKeyReader } from './key-reader.ts';

/** What lies over the page and takes the keys for itself: dialogs, questions, toasts. */
const OVER_PAGE =
  '[role=dialog], [role=alertdialog], [aria-modal=true], [data-react-aria-top-layer]';
/** Where characters are text, or move in a list by its words. */
const TYPING =
  'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true], ' +
  `[role=menu], [role=listbox], [role=grid], ${OVER_PAGE}`;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

/** Escape there closes what lies over the page, or does nothing; the page keeps what is chosen. */
function isOverPage(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OVER_PAGE) !== null;
}

/** Runs commands by their keys, for as long as the caller is on the page. */
export function useKeyBindings(): void {
  const commands = useAllCommands();
  const [reader] = useState(() => createKeyReader({ mayUseLetters: () => !lettersOff.read() }));
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.key === 'Escape' && isOverPage(event.target)) return;
    const { command } = reader.read(
      {
        key: event.key,
        isMod: event.ctrlKey || event.metaKey,
        isAlt: event.altKey,
        isShift: event.shiftKey,
        isTyping: isTyping(event.target),
        timeMs: browserClock.nowMs(),
      },
      commands,
    );
    if (command === null) return;
    event.preventDefault();
    command.run?.();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

/** Moves the focus to the next part of the page, as F6 does in other programs. */
export function focusNextRegion(backwards = false): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) =>
    region.checkVisibility(),
  );
  const focused = document.activeElement;
  const current = regions.findLastIndex((region) => region.contains(focused));
  const step = backwards ? -1 : 1;
  const start = current < 0 && backwards ? 0 : current;
  const next = regions[(start + step + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>(
    'canvas, input, [aria-current="true"], [aria-current="page"], button, a',
  );
  (target ?? next)?.focus();
}
