import { memo } from 'react';
import { formatClock } from '../../format/relative-time.ts';
import { formatSpeed } from '../../format/units.ts';
import { GAP_MS, type TrailPoint } from '../../map/trail.ts';
import { messages } from '../../messages/messages.ts';
import { timeTicks } from './time-ticks.ts';
import styles from './detail-panel.module.css';

interface Props {
  /** Oldest first; at least two. */
  readonly points: readonly TrailPoint[];
}

const WIDTH = 312;
const HEIGHT = 100;
const LEFT = 24;
const BASE = 78;
const TOP = 20;
/** Where the times stand. */
const TIMES = 94;
/** Labels of times that fit beside each other and the one at the end. */
const MAX_TICKS = 4;
/** A label closer to the end than this would touch the one that stands there. */
const TICK_AIR = 46;
/** More corners than pixels add nothing to the line. */
const MAX_CORNERS = 288;

function roundUp(speedKmh: number): number {
  const step = speedKmh > 120 ? 60 : speedKmh > 40 ? 20 : 10;
  return Math.max(20, Math.ceil(speedKmh / step) * step);
}

/** The highest speed of each of `MAX_CORNERS` stretches, so that peaks survive. */
function thin(points: readonly TrailPoint[]): TrailPoint[] {
  const size = Math.ceil(points.length / MAX_CORNERS);
  const kept: TrailPoint[] = [];
  for (let i = 0; i < points.length; i += size) {
    const peak = points
      .slice(i, i + size)
      .reduce((best, point) => (point.speedKmh > best.speedKmh ? point : best));
    kept.push(peak);
  }
  return kept;
}

/** Speed over today, as a line that falls to zero where nothing was heard. */
export const SpeedChart = memo(function SpeedChart({ points }: Props) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.fixMs <= first.fixMs) return null;
  const top = roundUp(Math.max(...thin(points).map((point) => point.speedKmh)));
  const x = (ms: number): number =>
    LEFT + ((ms - first.fixMs) / (last.fixMs - first.fixMs)) * (WIDTH - LEFT);
  const y = (kmh: number): number => BASE - (kmh / top) * (BASE - TOP);
  const corners: string[] = [];
  let beforeMs = first.fixMs;
  for (const point of thin(points)) {
    if (point.fixMs - beforeMs > GAP_MS) {
      corners.push(`${x(beforeMs).toFixed(1)} ${BASE}`, `${x(point.fixMs).toFixed(1)} ${BASE}`);
    }
    corners.push(`${x(point.fixMs).toFixed(1)} ${y(point.speedKmh).toFixed(1)}`);
    beforeMs = point.fixMs;
  }
  const line = `M${corners.join('L')}`;
  return (
    <svg
      className={styles['chart']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={messages.detail.chart(formatSpeed(top))}
    >
      {[0, top / 2, top].map((kmh) => (
        <g key={kmh}>
          <line className={styles['gridline']} x1={LEFT} x2={WIDTH} y1={y(kmh)} y2={y(kmh)} />
          <text x={LEFT - 6} y={y(kmh) + 3.5} textAnchor="end">
            {kmh}
          </text>
        </g>
      ))}
      <path className={styles['area']} d={`${line}L${WIDTH} ${BASE}L${LEFT} ${BASE}Z`} />
      <path className={styles['line']} d={line} />
      <circle className={styles['dot']} cx={WIDTH} cy={y(last.speedKmh)} r={3} />
      <text x={WIDTH} y={9} textAnchor="end">
        {messages.detail.speedUnit}
      </text>
      <Times fromMs={first.fixMs} untilMs={last.fixMs} x={x} />
    </svg>
  );
});

interface TimesProps {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly x: (ms: number) => number;
}

/** Whole hours below the line, and the time of the newest fix at its end. */
function Times({ fromMs, untilMs, x }: TimesProps) {
  const ticks = timeTicks(fromMs, untilMs, MAX_TICKS).filter((ms) => x(ms) < WIDTH - TICK_AIR);
  return (
    <>
      {ticks.length === 0 && (
        <text x={LEFT} y={TIMES}>
          {formatClock(fromMs)}
        </text>
      )}
      {ticks.map((ms) => (
        <text key={ms} x={Math.max(x(ms), LEFT + 14)} y={TIMES} textAnchor="middle">
          {formatClock(ms)}
        </text>
      ))}
      <text className={styles['now']} x={WIDTH} y={TIMES} textAnchor="end">
        {formatClock(untilMs)}
      </text>
    </>
  );
}
