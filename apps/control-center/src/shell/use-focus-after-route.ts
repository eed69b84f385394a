import { useEffect, useRef } from 'react';
import { browserClock } from '../browser/clock.ts';
import { useRoute } from './route.ts';

/** The heading says where one is now; where there is none yet, the content is where to read on. */
function focusContent(): void {
  const content = document.getElementById('content');
  const target = content?.querySelector('h1') ?? content;
  if (target === null) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/**
 * Puts the focus on the heading of what was opened, when what had it is gone with the page before. Who still has
 * it, as the link that was pressed in the rail or the field that a form starts at, keeps it.
 */
export function useFocusAfterRoute(): void {
  const { section, id, isNew } = useRoute();
  const where = `${section} ${id} ${isNew}`;
  const beforeRef = useRef(where);
  useEffect(() => {
    if (beforeRef.current === where) return;
    let cancel = browserClock.nextFrame(() => {
      // a dialog that closed with it gives the focus back one frame later
      cancel = browserClock.nextFrame(() => {
        beforeRef.current = where;
        const focused = document.activeElement;
        if (focused === null || focused === document.body) focusContent();
      });
    });
    return () => cancel();
  }, [where]);
}
