import type { SessionReply } from '@followme/contracts';
import { Logo } from '../../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionStatus } from './connection-status.tsx';
import styles from './top-bar.module.css';

interface Props {
  readonly session: SessionReply;
  readonly onLogOut: () => void;
}

/** Whose control center this is, whether it is live, and who is logged in. */
export function TopBar({ session, onLogOut }: Props) {
  return (
    <header className={styles['bar']}>
      <span className={styles['logo']}>
        <Logo size={28} />
      </span>
      <h1 className={styles['tenant']}>
        <bdi>{session.tenant.name}</bdi>
      </h1>
      <ConnectionStatus />
      <AccountMenu user={session.user} onLogOut={onLogOut} />
    </header>
  );
}
