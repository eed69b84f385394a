/**
 * What somebody is writing, kept as long as the tab: a page that is loaded again, by accident or by an update, has
 * it still. It is one person's: whoever logs in next in the same tab finds nothing.
 */
const PREFIX = 'followme.draft.';
const OWNER = 'followme.drafts-of';

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

/** Forgets everything that was kept. */
export function forgetDrafts(): void {
  try {
    const keys = Array.from({ length: sessionStorage.length }, (_, i) => sessionStorage.key(i));
    for (const key of keys) if (key?.startsWith(PREFIX) === true) sessionStorage.removeItem(key);
  } catch {
    // blocked: nothing was kept
  }
}

/** Says whose drafts they are from now on; those of anybody else are forgotten. */
export function ownDrafts(userId: number): void {
  try {
    if (sessionStorage.getItem(OWNER) === String(userId)) return;
    forgetDrafts();
    sessionStorage.setItem(OWNER, String(userId));
  } catch {
    // blocked or full: nothing is kept, or it is forgotten the next time
  }
}
