import styles from './skeleton.module.css';

interface Props {
  readonly rows: number;
  /** What is loading, read aloud. */
  readonly label: string;
}

const WIDTHS = ['w1', 'w2', 'w3', 'w4'] as const;

/** The shape of rows that are on their way; appears only when it takes longer than a blink. */
export function Skeleton({ rows, label }: Props) {
  return (
    <div className={styles['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={styles['row']}>
          <span className={styles['dot']} />
          <span className={`${styles['lines']} ${styles[WIDTHS[i % WIDTHS.length] ?? 'w1']}`}>
            <span className={styles['line']} />
            <span className={styles['thin']} />
          </span>
          <span className={styles['pill']} />
        </div>
      ))}
    </div>
  );
}
