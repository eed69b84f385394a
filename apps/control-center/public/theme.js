// Runs before the first paint, so that a dark room never sees a white flash. Same keys as src/browser/theme.ts.
try {
  const chosen = localStorage.getItem('followme.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  if (localStorage.getItem('followme.contrast') === 'more') {
    document.documentElement.dataset.contrast = 'more';
  }
} catch {
  // Storage is blocked: the system's theme holds.
}
