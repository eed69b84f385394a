/** What a person chose; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Same key as public/theme.js, which sets the attribute before the first paint. */
const STORAGE_KEY = 'followme.theme';
const CHANGED = 'followme:theme';

/** Reads the choice from the document, where public/theme.js has put it. */
export function chosenTheme(): ThemeChoice {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Applies a choice at once and remembers it where storage is allowed. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
  try {
    if (choice === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // Storage is blocked: the choice holds until the page is left.
  }
  lookChanged();
}

/** Tells everything that holds colours of its own, as the map does, to read them again. */
export function lookChanged(): void {
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls `onChange` when the person, the machine or the brand changes the colours; returns how to stop. */
export function watchTheme(onChange: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    media.removeEventListener('change', onChange);
    window.removeEventListener(CHANGED, onChange);
  };
}
