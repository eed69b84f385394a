import styles from './components-page.module.css';
import { ARABIC_NAME } from './samples.ts';
import { Row, Specimen, SpecimenSection } from './specimen.tsx';

const COLOURS = [
  ['bg', 'surface', 'sunken', 'hover', 'line', 'control'],
  ['ink', 'ink-2', 'ink-3', 'accent', 'accent-soft', 'on-accent'],
  ['critical', 'critical-soft', 'high', 'high-soft', 'medium', 'medium-soft'],
  ['info', 'info-soft', 'ok', 'ok-soft', 'moving', 'idle', 'silent'],
  ['m-land', 'm-urban', 'm-water', 'm-border', 'm-label'],
].flat();

const TYPE = [
  ['micro', '11 / 14'],
  ['small', '12 / 16'],
  ['body', '13 / 18'],
  ['strong', '14 / 20'],
  ['title', '16 / 22'],
  ['large', '20 / 28'],
  ['display', '24 / 32'],
] as const;

/** Colours, type, surfaces and motion. */
export function FoundationsSection() {
  return (
    <SpecimenSection id="foundations" title="Foundations">
      <Specimen title="Colours" isWide>
        <div className={styles['swatches']}>
          {COLOURS.map((name) => (
            <span key={name} className={styles['swatch']}>
              <span className={styles['colour']} style={{ background: `var(--${name})` }} />
              {name}
            </span>
          ))}
        </div>
      </Specimen>
      <Specimen title="Type" note="Inter; numbers that stand in columns are tabular.">
        {TYPE.map(([name, size]) => (
          <p
            key={name}
            className={styles['scale']}
            style={{ fontSize: `var(--t-${name})`, lineHeight: `var(--l-${name})` }}
          >
            <code>
              {name} {size}
            </code>
            143 of 152
          </p>
        ))}
      </Specimen>
      <Specimen title="Arabic" note="Noto Sans Arabic; a tenth more room between lines.">
        <p lang="ar" dir="rtl">
          {ARABIC_NAME}، سبعة أجهزة تتبع في المنطقة. آخر تنبيه أُغلق عند الساعة 19:12.
        </p>
      </Specimen>
      <Specimen title="Elevation">
        <Row>
          <span className={styles['box']} style={{ border: 'var(--edge) solid var(--line)' }}>
            docked
          </span>
          <span className={styles['box']} style={{ boxShadow: 'var(--shadow-2)' }}>
            floating
          </span>
          <span className={styles['box']} style={{ boxShadow: 'var(--shadow-3)' }}>
            dialog
          </span>
        </Row>
      </Specimen>
    </SpecimenSection>
  );
}
