import type { ReactNode } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { type GlyphSeverity, SEVERITY_PATHS, SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import styles from './components-page.module.css';
import { Row, Specimen, SpecimenSection } from './specimen.tsx';

const SEVERITIES: readonly (readonly [GlyphSeverity, string])[] = [
  ['critical', 'until answered'],
  ['high', 'one sound'],
  ['medium', 'badge'],
  ['info', 'feed only'],
];
const DROP = 'M0 -10.6 L4.9 -3.6 A6 6 0 1 1 -4.9 -3.6 Z';
const HALO = { stroke: 'var(--surface)', strokeWidth: 1.75, strokeLinejoin: 'round' } as const;

/** Shapes of states and severities, beside words and on the map. */
export function MarksSection() {
  return (
    <SpecimenSection id="marks" title="Marks and severities">
      <Specimen title="Severities">
        {SEVERITIES.map(([severity, word]) => (
          <Row key={severity}>
            <SeverityGlyph severity={severity} />
            {severity}
            <Badge kind={severity}>{word}</Badge>
          </Row>
        ))}
        <Row>
          <SeverityGlyph severity="critical" size={16} label="Critical" />
          <SeverityGlyph severity="critical" size={24} label="Critical" />
          <SeverityGlyph severity="critical" size={28} label="Critical" />
        </Row>
      </Specimen>
      <Specimen title="States">
        {(['moving', 'idle', 'silent'] as const).map((state) => (
          <Row key={state}>
            <StateGlyph state={state} />
            {state}
          </Row>
        ))}
        <Row>
          <StateGlyph state="moving" headingDeg={null} />
          moving, heading unknown
        </Row>
      </Specimen>
      <Specimen title="On the map" isWide>
        <MapSample />
      </Specimen>
    </SpecimenSection>
  );
}

/** All marks of the map on its ground, to scale. */
function MapSample() {
  return (
    <svg viewBox="0 0 420 190" className={styles['map']} role="img" aria-label="Marks on the map">
      <path d="M300 0h120v190h-60z" fill="var(--m-urban)" />
      <path d="M90 0q-20 90 20 190" fill="none" stroke="var(--m-water)" strokeWidth={8} />
      <Mark x={46} y={46} word="moving">
        <path d={DROP} transform="scale(1.35) rotate(50)" fill="var(--moving)" {...HALO} />
      </Mark>
      <Mark x={126} y={46} word="idle">
        <rect x={-7} y={-7} width={14} height={14} rx={4} fill="var(--idle)" {...HALO} />
      </Mark>
      <Mark x={206} y={46} word="silent">
        <circle r={8.4} fill="var(--surface)" />
        <circle
          r={6.2}
          fill="none"
          stroke="var(--silent)"
          strokeWidth={2.5}
          strokeDasharray="7 3"
        />
      </Mark>
      <Mark x={278} y={46} word="critical">
        <SeverityMark severity="critical" />
      </Mark>
      <Mark x={336} y={46} word="high">
        <SeverityMark severity="high" />
      </Mark>
      <Mark x={390} y={46} word="medium">
        <SeverityMark severity="medium" />
      </Mark>
      <Mark x={62} y={128} word="selected, 25 m" below={48}>
        <circle
          r={30}
          fill="var(--accent)"
          fillOpacity={0.14}
          stroke="var(--accent)"
          strokeOpacity={0.4}
        />
        <path d={DROP} transform="scale(1.9) rotate(40)" fill="var(--accent)" {...HALO} />
      </Mark>
      <Mark x={160} y={128} word="cluster" below={48}>
        <ClusterMark />
      </Mark>
      <Mark x={250} y={128} word="place" below={48}>
        <path
          d="M-34 -22 16 -30 30 10 -14 28 -40 10Z"
          fill="var(--info)"
          fillOpacity={0.1}
          stroke="var(--info)"
          strokeWidth={1.5}
          strokeLinejoin="round"
        />
      </Mark>
      <Mark x={350} y={128} word="trail, older fades" below={48}>
        <TrailMark />
      </Mark>
    </svg>
  );
}

interface MarkProps {
  readonly x: number;
  readonly y: number;
  readonly word: string;
  /** From the middle of the mark to the line of its word. */
  readonly below?: number;
  readonly children: ReactNode;
}

function Mark({ x, y, word, below = 30, children }: MarkProps) {
  return (
    <g transform={`translate(${x} ${y})`}>
      {children}
      <text y={below} className={styles['mapWord']}>
        {word}
      </text>
    </g>
  );
}

function SeverityMark({ severity }: { readonly severity: GlyphSeverity }) {
  const dropped = severity === 'high' ? 1.6 : 0;
  return (
    <g transform="scale(0.9) translate(-12 -12)">
      <path d={SEVERITY_PATHS[severity]} fill="none" stroke="var(--surface)" strokeWidth={5} />
      <path
        d={SEVERITY_PATHS[severity]}
        fill={`var(--${severity})`}
        stroke={`var(--${severity})`}
        strokeWidth={1.6}
        strokeLinejoin="round"
      />
      <path
        d={`M12 ${7.4 + dropped}v5M12 ${16.2 + dropped}v.01`}
        stroke="var(--surface)"
        strokeWidth={2.4}
        strokeLinecap="round"
      />
    </g>
  );
}

const RING_RADIUS = 20.5;
const SLICES = [
  ['moving', 14],
  ['idle', 21],
  ['silent', 3],
] as const;

function ClusterMark() {
  const round = 2 * Math.PI * RING_RADIUS;
  const total = SLICES.reduce((sum, [, count]) => sum + count, 0);
  return (
    <>
      <circle r={RING_RADIUS + 2.5} fill="var(--surface)" />
      {SLICES.map(([state, count], i) => {
        const before = SLICES.slice(0, i).reduce((sum, [, n]) => sum + n, 0);
        return (
          <circle
            key={state}
            r={RING_RADIUS}
            fill="none"
            stroke={`var(--${state})`}
            strokeWidth={3.5}
            strokeDasharray={`${(round * count) / total - 2} ${round}`}
            transform={`rotate(${(360 * before) / total - 90})`}
          />
        );
      })}
      <text y={4.5} className={styles['mapCount']}>
        {total}
      </text>
    </>
  );
}

const TRAIL_STEPS = 12;

function TrailMark() {
  return (
    <>
      {Array.from({ length: TRAIL_STEPS }, (_, i) => (
        <path
          key={i}
          d={`M${i * 8 - 48} ${18 - i * 3.2 - Math.sin(i * 0.6) * 5}L${i * 8 - 39.4} ${18 - (i + 1) * 3.2 - Math.sin((i + 1) * 0.6) * 5}`}
          stroke={`color-mix(in srgb, var(--accent) ${35 + i * 6}%, var(--m-urban))`}
          strokeWidth={3.5}
        />
      ))}
      <rect
        x={-53}
        y={13.5}
        width={9}
        height={9}
        rx={2.8}
        fill="var(--surface)"
        stroke="var(--accent)"
        strokeWidth={2}
      />
    </>
  );
}
