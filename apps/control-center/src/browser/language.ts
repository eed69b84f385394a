import type { Language } from '@followme/contracts';

/** What a page can speak: a language, or the one of the tests (src/messages/pseudo.ts). */
export type PageLocale = Language | 'pseudo-rtl';

/** The languages there are, each by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  nl: 'Nederlands',
};

const STORAGE_KEY = 'followme.language';

/** Whether a text names a language we have. */
function isLanguage(value: string | null | undefined): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGE_NAMES, value);
}

/** A text as a language we have; null for any other. */
export function parseLanguage(text: string): Language | null {
  return isLanguage(text) ? text : null;
}

/** What a choice is made from; the first that says something decides. */
export interface LanguageWishes {
  /** `locale` of the address, for tests. */
  readonly query: string | null;
  /** What this person chose in this browser. */
  readonly chosen: string | null;
  /** What the customer set for everybody. */
  readonly tenant: string | null;
  /** What the browser asks for, best first (BCP 47). */
  readonly browser: readonly string[];
}

/** Chooses the language of the page; English when nothing else fits. */
export function decideLocale(wishes: LanguageWishes): PageLocale {
  if (wishes.query === 'pseudo-rtl') return 'pseudo-rtl';
  const ofBrowser = wishes.browser.map((tag) => tag.toLowerCase().split('-')[0]);
  return [wishes.query, wishes.chosen, wishes.tenant, ...ofBrowser].find(isLanguage) ?? 'en';
}

/** The person's own choice; null when there is none, or storage is blocked. */
export function chosenLanguage(): Language | null {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

/** Remembers a choice (null: none) and loads the page again in it. */
export function chooseLanguage(choice: Language | null): void {
  try {
    if (choice === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // storage is blocked: the language of the customer or of the browser stays
  }
  window.location.reload();
}

/** Chooses the language of this page and tells the document. Must run before any sentence is read. */
export function settlePageLocale(tenant: Language | null): void {
  const locale = decideLocale({
    query: new URLSearchParams(window.location.search).get('locale'),
    chosen: chosenLanguage(),
    tenant,
    browser: navigator.languages,
  });
  const root = document.documentElement;
  root.dataset['locale'] = locale;
  root.lang = locale === 'pseudo-rtl' ? 'en' : locale;
  root.dir = locale === 'pseudo-rtl' ? 'rtl' : 'ltr';
}

/**
 * The language settled on; English where there is no document (tests).
 * @throws Error when a sentence is asked for too early: it would stay in the wrong language.
 */
export function pageLocale(): PageLocale {
  if (typeof document === 'undefined') return 'en';
  const locale = document.documentElement.dataset['locale'];
  if (locale === 'pseudo-rtl' || isLanguage(locale)) return locale;
  throw new Error('Sentences are read before the language of the page is settled (src/main.tsx)');
}
