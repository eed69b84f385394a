import type { AlertReply } from '@followme/contracts';

/** The alert whose card has the focus, else the first of which `fits` holds; null when there is none. */
export function alertInFocus(
  queue: readonly AlertReply[],
  fits: (alert: AlertReply) => boolean,
): AlertReply | null {
  const card = document.activeElement?.closest<HTMLElement>('[data-alert-id]');
  const focusedId = Number(card?.dataset['alertId']);
  const focused = queue.find(({ id }) => id === focusedId);
  return focused ?? queue.find(fits) ?? null;
}
