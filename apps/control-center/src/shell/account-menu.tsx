import type { SessionReply } from '@followme/contracts';
import { KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import {
  chooseContrast,
  chooseTheme,
  chosenContrast,
  chosenTheme,
  watchTheme,
} from '../browser/theme.ts';
import { messages } from '../messages/messages.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { SegmentedControl } from '../ui/segmented-control.tsx';
import { OwnPasswordDialog } from '../views/people/own-password-dialog.tsx';
import styles from './account-menu.module.css';

interface Props {
  readonly user: SessionReply['user'];
  readonly onLogOut: () => void;
}

const text = messages.account;

const THEMES = [
  { id: 'system', label: text.themeSystem, icon: <Monitor size={14} aria-hidden="true" /> },
  { id: 'light', label: text.themeLight, icon: <Sun size={14} aria-hidden="true" /> },
  { id: 'dark', label: text.themeDark, icon: <Moon size={14} aria-hidden="true" /> },
] as const;

const CONTRASTS = [
  { id: 'system', label: text.contrastSystem },
  { id: 'more', label: text.contrastMore },
] as const;

/** Who is logged in, theme and contrast, one's own password, and the way out. */
export function AccountMenu({ user, onLogOut }: Props) {
  const theme = useSyncExternalStore(watchTheme, chosenTheme);
  const contrast = useSyncExternalStore(watchTheme, chosenContrast);
  const [changesPassword, setChangesPassword] = useState(false);
  return (
    <>
      <Popover
        label={text.menu}
        placement="bottom end"
        trigger={
          <IconButton label={text.menu} className={styles['button']}>
            <Avatar name={user.name} />
          </IconButton>
        }
      >
        {(close) => (
          <div className={styles['menu']}>
            <div>
              <p className={styles['name']}>
                <bdi>{user.name}</bdi>
              </p>
              <p className={styles['email']}>{user.email}</p>
            </div>
            <SegmentedControl
              label={text.theme}
              items={THEMES}
              value={theme}
              onChange={chooseTheme}
            />
            <SegmentedControl
              label={text.contrast}
              items={CONTRASTS}
              value={contrast}
              onChange={chooseContrast}
            />
            <Button
              onPress={() => {
                close();
                setChangesPassword(true);
              }}
            >
              <KeyRound size={16} aria-hidden="true" />
              {messages.people.ownPassword}
            </Button>
            <Button onPress={onLogOut}>
              <LogOut size={16} aria-hidden="true" />
              {text.logOut}
            </Button>
          </div>
        )}
      </Popover>
      <OwnPasswordDialog isOpen={changesPassword} onClose={() => setChangesPassword(false)} />
    </>
  );
}
