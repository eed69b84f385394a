import { Search } from 'lucide-react';
import { BrandLogo } from '../brand/brand-logo.tsx';
import { useBranding } from '../brand/use-branding.ts';
import { messages } from '../messages/messages.ts';
import { useSession } from '../session/session-context.ts';
import { ConnectionStatus } from '../views/live/connection-status.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Keys } from './keys.tsx';
import { SoundButton } from './sound-button.tsx';
import { ThemeButton } from './theme-button.tsx';
import styles from './top-bar.module.css';

interface Props {
  readonly onLogOut: () => void;
  readonly onPalette: () => void;
}

const text = messages.commands;

/** Whose control center this is, the way to everything, whether it is live, sound, theme, and who is logged in. */
export function TopBar({ onLogOut, onPalette }: Props) {
  const { user } = useSession();
  const { name } = useBranding();
  return (
    <header className={styles['bar']} data-region="top">
      <span className={styles['logo']}>
        <BrandLogo size={28} isSquare />
      </span>
      <p className={styles['tenant']} title={name}>
        <bdi>{name}</bdi>
      </p>
      <button
        type="button"
        className={styles['palette']}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={onPalette}
      >
        <Search size={16} aria-hidden="true" />
        <span className={styles['words']}>{text.palette}</span>
        <span className={styles['keys']} aria-hidden="true">
          <Keys keys="Mod+K" />
        </span>
      </button>
      <span className={styles['space']} />
      <ConnectionStatus />
      <div className={styles['buttons']}>
        <SoundButton />
        <span className={styles['theme']}>
          <ThemeButton />
        </span>
      </div>
      <AccountMenu user={user} onLogOut={onLogOut} />
    </header>
  );
}
