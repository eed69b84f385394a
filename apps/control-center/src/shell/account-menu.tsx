import type { SessionReply } from '@followme/contracts';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useRef, useState } from 'react';
import { type ThemeChoice, chooseTheme, chosenTheme } from '../browser/theme.ts';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import styles from './account-menu.module.css';

interface Props {
  readonly user: SessionReply['user'];
  readonly onLogOut: () => void;
}

const text = messages.account;

const THEMES = [
  ['system', text.themeSystem, Monitor],
  ['light', text.themeLight, Sun],
  ['dark', text.themeDark, Moon],
] as const;

const graphemes = new Intl.Segmenter(messages.locale, { granularity: 'grapheme' });

function firstLetter(word: string | undefined): string {
  const [first] = graphemes.segment(word ?? '');
  return first?.segment ?? '';
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const last = words.length > 1 ? words.at(-1) : '';
  return `${firstLetter(words[0])}${firstLetter(last)}`.toUpperCase();
}

/** Who is logged in, the theme, and the way out. */
export function AccountMenu({ user, onLogOut }: Props) {
  const menuRef = useRef<HTMLDivElement>(null);
  const [theme, setTheme] = useState<ThemeChoice>(chosenTheme);

  function choose(choice: ThemeChoice): void {
    chooseTheme(choice);
    setTheme(choice);
  }

  return (
    <>
      <button
        type="button"
        className={styles['avatar']}
        popoverTarget="account-menu"
        aria-label={text.menu}
        title={text.menu}
      >
        {initials(user.name)}
      </button>
      <div ref={menuRef} id="account-menu" popover="auto" className={styles['menu']}>
        <p className={styles['name']}>
          <bdi>{user.name}</bdi>
        </p>
        <p className={styles['email']}>{user.email}</p>
        <fieldset className={styles['themes']}>
          <legend>{text.theme}</legend>
          {THEMES.map(([choice, label, Icon]) => (
            <label key={choice} className={styles['theme']}>
              <input
                type="radio"
                name="theme"
                checked={theme === choice}
                onChange={() => choose(choice)}
              />
              <span>
                <Icon size={14} aria-hidden="true" />
                {label}
              </span>
            </label>
          ))}
        </fieldset>
        <Button className={styles['leave']} onClick={onLogOut}>
          <LogOut size={16} aria-hidden="true" />
          {text.logOut}
        </Button>
      </div>
    </>
  );
}
