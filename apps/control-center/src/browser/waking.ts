/** Calls `onWake` when the network is back or the page is looked at again; returns how to stop. */
export function watchWaking(onWake: () => void): () => void {
  const onVisibility = (): void => {
    if (!document.hidden) onWake();
  };
  window.addEventListener('online', onWake);
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    window.removeEventListener('online', onWake);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
