import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './page.module.css';

interface Props {
  readonly title: ReactNode;
  /** One sentence under the title, where the title does not say enough. */
  readonly description?: ReactNode;
  /** Buttons beside the title, the main one last. */
  readonly actions?: ReactNode;
  /** `wide` for tables, `narrow` for forms. */
  readonly width?: 'normal' | 'wide' | 'narrow';
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A page of content that scrolls by itself: title and actions, then what it is about. */
export function Page(props: Props) {
  const { title, description, actions, width = 'normal', children, className } = props;
  return (
    <div className={classNames(styles['page'], className)}>
      <div className={classNames(styles['column'], styles[width])}>
        <header className={styles['head']}>
          <div className={styles['words']}>
            <h1 className={styles['title']}>{title}</h1>
            {description !== undefined && <p className={styles['description']}>{description}</p>}
          </div>
          {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}
