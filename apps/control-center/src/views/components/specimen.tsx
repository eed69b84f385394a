import type { ReactNode } from 'react';
import styles from './components-page.module.css';

interface SectionProps {
  /** Anchor, as in `/components#buttons`. */
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** One family of components. */
export function SpecimenSection({ id, title, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className={styles['section']}>
      <h2 id={`${id}-title`} className={styles['sectionTitle']}>
        <a href={`#${id}`}>{title}</a>
      </h2>
      <div className={styles['grid']}>{children}</div>
    </section>
  );
}

interface Props {
  /** The state or variant that is shown. */
  readonly title: string;
  readonly note?: string;
  /** Takes the whole width. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** One component in one or more states. */
export function Specimen({ title, note, isWide = false, children }: Props) {
  return (
    <div className={isWide ? styles['wide'] : styles['specimen']}>
      <h3 className={styles['specimenTitle']}>{title}</h3>
      {note !== undefined && <p className={styles['note']}>{note}</p>}
      <div className={styles['stage']}>{children}</div>
    </div>
  );
}

interface RowProps {
  readonly children: ReactNode;
}

/** Things beside each other, wrapping. */
export function Row({ children }: RowProps) {
  return <div className={styles['row']}>{children}</div>;
}
