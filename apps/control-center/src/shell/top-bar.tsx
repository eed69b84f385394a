import { useSession } from '../session/session-context.ts';
import { BrandLogo } from '../brand/brand-logo.tsx';
import { useBranding } from '../brand/use-branding.ts';
import { ConnectionStatus } from '../views/live/connection-status.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './top-bar.module.css';

interface Props {
  readonly onLogOut: () => void;
}

/** Whose control center this is, whether it is live, and who is logged in. */
export function TopBar({ onLogOut }: Props) {
  const { user } = useSession();
  const { name } = useBranding();
  return (
    <header className={styles['bar']} data-region="top">
      <span className={styles['logo']}>
        <BrandLogo size={28} isSquare />
      </span>
      <p className={styles['tenant']}>
        <bdi>{name}</bdi>
      </p>
      <ConnectionStatus />
      <AccountMenu user={user} onLogOut={onLogOut} />
    </header>
  );
}
