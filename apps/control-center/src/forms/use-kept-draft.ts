import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import { keepDraft, keptDraft } from '../browser/draft-memory.ts';
import { messages } from '../messages/messages.ts';
import { showToast } from '../ui/toasts.tsx';

interface KeptInput<T> {
  /** What it is a draft of, as `rule.7`. */
  readonly name: string;
  /** What a form begins with that nobody touched. */
  readonly start: T;
  /** Reads what was kept; null for what is none of ours, as from an older release. */
  readonly read: (kept: unknown) => T | null;
}

/** What is filled in on a page, kept as long as the tab: whoever looks elsewhere finds it again, and is told so. */
export function useKeptDraft<T>({ name, start, read }: KeptInput<T>): {
  readonly draft: T;
  readonly setDraft: Dispatch<SetStateAction<T>>;
  /** It was saved, or given up. */
  readonly forget: () => void;
} {
  const [begun] = useState(start);
  const [kept] = useState(() => read(keptDraft(name)));
  const [draft, setDraft] = useState(kept ?? begun);
  useEffect(() => {
    if (kept !== null) showToast({ kind: 'info', title: messages.forms.kept });
  }, [kept]);
  useEffect(() => {
    if (draft !== begun) keepDraft(name, draft);
  }, [name, draft, begun]);
  return { draft, setDraft, forget: () => keepDraft(name, null) };
}
