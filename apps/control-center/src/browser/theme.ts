/** What a person chose; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** How strong edges and quiet words are; `system` follows the machine. */
export type ContrastChoice = 'system' | 'more';

/** Same keys as public/theme.js, which sets the attributes before the first paint. */
const THEME_KEY = 'followme.theme';
const CONTRAST_KEY = 'followme.contrast';
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
  remember(THEME_KEY, choice);
  lookChanged();
}

/** Reads the choice from the document, where public/theme.js has put it. */
export function chosenContrast(): ContrastChoice {
  return document.documentElement.dataset['contrast'] === 'more' ? 'more' : 'system';
}

/** Applies a choice at once and remembers it where storage is allowed. */
export function chooseContrast(choice: ContrastChoice): void {
  if (choice === 'system') delete document.documentElement.dataset['contrast'];
  else document.documentElement.dataset['contrast'] = choice;
  remember(CONTRAST_KEY, choice);
  lookChanged();
}

function remember(key: string, choice: ThemeChoice | ContrastChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // Storage is blocked: the choice holds until the page is left.
  }
}

/** Tells everything that holds colours of its own, as the map does, to read them again. */
export function lookChanged(): void {
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls `onChange` when the person, the machine or the brand changes the colours; returns how to stop. */
export function watchTheme(onChange: () => void): () => void {
  const wishes = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) =>
    window.matchMedia(query),
  );
  for (const media of wishes) media.addEventListener('change', onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    for (const media of wishes) media.removeEventListener('change', onChange);
    window.removeEventListener(CHANGED, onChange);
  };
}
