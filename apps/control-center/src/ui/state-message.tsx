import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './state-message.module.css';

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** What is shown in place of content: nothing here yet, or it did not load. The action is a child. */
export function StateMessage({ icon: Icon, title, text, children }: Props) {
  return (
    <div className={styles['message']}>
      <Icon size={28} strokeWidth={1.5} aria-hidden="true" />
      <p className={styles['title']}>{title}</p>
      <p className={styles['text']}>{text}</p>
      {children}
    </div>
  );
}
