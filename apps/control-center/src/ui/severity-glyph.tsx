import { classNames } from './class-names.ts';
import styles from './severity-glyph.module.css';

/** How loud an alert is, from loud to quiet. */
export type GlyphSeverity = 'critical' | 'high' | 'medium' | 'info';

interface Props {
  readonly severity: GlyphSeverity;
  /** Edge, in px of the drawing; text zoom scales it. */
  readonly size?: 16 | 20 | 24 | 28;
  /** Read aloud; left out where the word stands beside it. */
  readonly label?: string | undefined;
  readonly className?: string | undefined;
}

/** Outlines on 24 × 24: octagon, triangle, diamond, circle. Corners are rounded by the stroke. */
export const SEVERITY_PATHS: Record<GlyphSeverity, string> = {
  critical: 'M8.4 3.4h7.2l5 5v7.2l-5 5H8.4l-5-5V8.4z',
  high: 'M12 3.6 21.2 20H2.8z',
  medium: 'M12 2.8 21.2 12 12 21.2 2.8 12z',
  info: 'M12 2.9a9.1 9.1 0 1 1 0 18.2 9.1 9.1 0 0 1 0-18.2z',
};

/** The shape of a severity, the same in queue, list, toast and on the map: shape first, colour repeats it. */
export function SeverityGlyph({ severity, size = 20, label, className }: Props) {
  const dropped = severity === 'high' ? 1.6 : 0;
  const reading =
    label === undefined ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label };
  return (
    <svg
      {...reading}
      viewBox="0 0 24 24"
      className={classNames(styles['glyph'], styles[severity], className)}
      style={{ inlineSize: `${size / 16}rem`, blockSize: `${size / 16}rem` }}
    >
      <path d={SEVERITY_PATHS[severity]} className={styles['shape']} />
      {severity === 'info' ? (
        <path d="M12 11.2v5M12 7.8v.01" className={styles['sign']} />
      ) : (
        <path d={`M12 ${7.4 + dropped}v5M12 ${16.2 + dropped}v.01`} className={styles['sign']} />
      )}
    </svg>
  );
}
