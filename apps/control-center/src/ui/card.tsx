import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './card.module.css';

interface Props {
  readonly title?: ReactNode;
  /** Beside the title: a count, a small button. */
  readonly actions?: ReactNode;
  /** `floating` lies over the map; `docked` is part of a page. */
  readonly elevation?: 'docked' | 'floating';
  /** False: what is inside reaches the edges, as a list or a table does. */
  readonly isPadded?: boolean;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A surface with a title that holds one thing. */
export function Card(props: Props) {
  const { title, actions, elevation = 'docked', isPadded = true, children, className } = props;
  const hasHead = title !== undefined || actions !== undefined;
  return (
    <section className={classNames(styles['card'], styles[elevation], className)}>
      {hasHead && (
        <header className={styles['head']}>
          <h2 className={styles['title']}>{title}</h2>
          {actions}
        </header>
      )}
      <div className={classNames(isPadded && styles['body'], hasHead && styles['below'])}>
        {children}
      </div>
    </section>
  );
}
