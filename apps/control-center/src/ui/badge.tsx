import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './badge.module.css';

interface Props {
  readonly kind?: 'plain' | 'accent' | 'critical' | 'high' | 'medium' | 'info' | 'ok';
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A word or number that says in which state a thing is: Draft, one sound, 3. */
export function Badge({ kind = 'plain', children, className }: Props) {
  return <span className={classNames(styles['badge'], styles[kind], className)}>{children}</span>;
}

interface CountProps {
  /** How many; 0 shows nothing, from 100 on "99+". */
  readonly count: number;
  readonly className?: string | undefined;
}

/** A filled number on a picture, for what waits. */
export function CountBadge({ count, className }: CountProps) {
  if (count <= 0) return null;
  return (
    <span className={classNames(styles['count'], className)}>{count > 99 ? '99+' : count}</span>
  );
}
