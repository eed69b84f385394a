// Runs before the first paint, so that a dark room never sees a white flash. Same key as src/browser/theme.ts.
try {
  const chosen = localStorage.getItem('followme.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is blocked: the system's theme holds.
}
