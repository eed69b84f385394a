import { useEffect, useEffectEvent } from 'react';

export interface KeyActions {
  /** The live view is in sight. */
  readonly isActive: boolean;
  readonly onToggleView: () => void;
  readonly onSearch: () => void;
  readonly onBack: () => void;
  readonly onHelp: () => void;
}

/** True where letters are typed: there they are text, not commands. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
}

/** Moves the focus to the next part of the page, as F6 does in other programs. */
function focusNextRegion(backwards: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) =>
    region.checkVisibility(),
  );
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  const next = regions[(current + step + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>('canvas, input, [aria-current="true"], button');
  (target ?? next)?.focus();
}

/** The keys of the live view. Single letters act only outside of fields and without modifiers. */
export function useKeys(actions: KeyActions): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!actions.isActive) return;
    if (document.querySelector('dialog[open]') !== null) return;
    if (event.key === 'F6') {
      event.preventDefault();
      focusNextRegion(event.shiftKey);
      return;
    }
    if (event.key === 'Escape') return actions.onBack();
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 't' || event.key === 'T') actions.onToggleView();
    else if (event.key === '?') actions.onHelp();
    else if (event.key === '/') {
      event.preventDefault();
      actions.onSearch();
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
