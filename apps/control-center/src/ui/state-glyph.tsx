import type { TrackerState } from '../live/tracker-state.ts';
import styles from './state-glyph.module.css';

interface Props {
  readonly state: TrackerState;
  /** Where a mover goes, degrees clockwise from north; null draws a disc. */
  readonly headingDeg?: number | null;
}

/** The shape of a state, the same as on the map. Decoration: the word stands beside it. */
export function StateGlyph({ state, headingDeg = 45 }: Props) {
  return (
    <svg className={styles['glyph']} viewBox="-12 -12 24 24" aria-hidden="true">
      {state === 'moving' && headingDeg !== null && (
        <path
          className={styles['moving']}
          d="M0 -10.6 L4.9 -3.6 A6 6 0 1 1 -4.9 -3.6 Z"
          transform={`rotate(${headingDeg})`}
        />
      )}
      {state === 'moving' && headingDeg === null && <circle className={styles['moving']} r={6} />}
      {state === 'idle' && (
        <rect className={styles['idle']} x={-5} y={-5} width={10} height={10} rx={3} />
      )}
      {state === 'silent' && <circle className={styles['silent']} r={4.6} />}
    </svg>
  );
}
