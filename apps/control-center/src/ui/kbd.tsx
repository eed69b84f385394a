import type { ReactNode } from 'react';
import styles from './kbd.module.css';

interface Props {
  readonly children: ReactNode;
}

/** A key of the keyboard. */
export function Kbd({ children }: Props) {
  return <kbd className={styles['kbd']}>{children}</kbd>;
}
