/**
 * What somebody is writing, kept as long as the tab: a page that is loaded again, by accident or by an update, has
 * it still.
 */
const PREFIX = 'followme.draft.';

/** What was kept under a name; null when there is nothing or storage is blocked. */
export function keptDraft(name: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null');
  } catch {
    return null;
  }
}

/** Keeps something that JSON can hold; null forgets it. What does not fit is not kept. */
export function keepDraft(name: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // blocked or full: the draft lives as long as the page
  }
}
