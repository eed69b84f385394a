import { CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './banner.module.css';

type Kind = 'info' | 'ok' | 'warning' | 'critical';

interface Props {
  readonly kind: Kind;
  /** What happened, in a few words that end with a full stop. */
  readonly title?: ReactNode;
  /** What still works, what to do. */
  readonly children?: ReactNode;
  /** A button at the end. */
  readonly action?: ReactNode;
  /** In place of the picture of its kind. */
  readonly icon?: LucideIcon;
  /** Read aloud when it appears; false for what is there from the start. */
  readonly isLive?: boolean;
  readonly className?: string | undefined;
}

const ICONS: Record<Kind, LucideIcon> = {
  info: Info,
  ok: CircleCheck,
  warning: TriangleAlert,
  critical: TriangleAlert,
};

/** A bar that says how things stand: stale, no connection, saved, refused. */
export function Banner(props: Props) {
  const { kind, title, children, action, icon, isLive = true, className } = props;
  const Icon = icon ?? ICONS[kind];
  const role = kind === 'critical' ? 'alert' : 'status';
  return (
    <div
      {...(isLive ? { role } : {})}
      className={classNames(styles['banner'], styles[kind], className)}
    >
      <Icon size={16} aria-hidden="true" className={styles['icon']} />
      <p className={styles['words']}>
        {title !== undefined && <b className={styles['title']}>{title} </b>}
        {children}
      </p>
      {action}
    </div>
  );
}
