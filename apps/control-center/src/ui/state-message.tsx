import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './state-message.module.css';

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  /** It stands for a whole page: its title is the heading of that page. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}

/** What is shown in place of content: nothing here yet, or it did not load. The action is a child. */
export function StateMessage({ icon: Icon, title, text, isPage = false, children }: Props) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div className={styles['message']}>
      <Icon size={28} strokeWidth={1.5} aria-hidden="true" />
      <Title className={styles['title']}>{title}</Title>
      <p className={styles['text']}>{text}</p>
      {children}
    </div>
  );
}
