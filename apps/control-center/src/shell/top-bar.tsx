import { useSession } from '../session/session-context.ts';
import { Logo } from '../ui/logo.tsx';
import { ConnectionStatus } from '../views/live/connection-status.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './top-bar.module.css';

interface Props {
  readonly onLogOut: () => void;
}

/** Whose control center this is, whether it is live, and who is logged in. */
export function TopBar({ onLogOut }: Props) {
  const { tenant, user } = useSession();
  return (
    <header className={styles['bar']} data-region="top">
      <span className={styles['logo']}>
        <Logo size={28} />
      </span>
      <p className={styles['tenant']}>
        <bdi>{tenant.name}</bdi>
      </p>
      <ConnectionStatus />
      <AccountMenu user={user} onLogOut={onLogOut} />
    </header>
  );
}
