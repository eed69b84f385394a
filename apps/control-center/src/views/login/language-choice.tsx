import type { Language } from '@followme/contracts';
import { Globe } from 'lucide-react';
import { chooseLanguage, LANGUAGE_NAMES, pageLocale } from '../../browser/language.ts';
import { messages } from '../../messages/messages.ts';
import styles from './login-page.module.css';

/** The languages there are, each by its own name; choosing one loads the page again in it. */
export function LanguageChoice() {
  const now = pageLocale();
  return (
    <div className={styles['languages']} role="group" aria-label={messages.login.language}>
      <Globe size={14} aria-hidden="true" />
      {(Object.keys(LANGUAGE_NAMES) as Language[]).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={language === now}
          className={styles['language']}
          onClick={() => chooseLanguage(language)}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </div>
  );
}
