import { memo } from 'react';
import { formatClock } from '../../format/relative-time.ts';
import { formatSpeed } from '../../format/units.ts';
import { GAP_MS, type TrailPoint } from '../../map/trail.ts';
import { messages } from '../../messages/messages.ts';
import styles from './detail-panel.module.css';

interface Props {
  /** Oldest first; at least two. */
  readonly points: readonly TrailPoint[];
}

const WIDTH = 312;
const HEIGHT = 92;
const LEFT = 24;
const BASE = 70;
const TOP = 12;
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
  const middleMs = (first.fixMs + last.fixMs) / 2;
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
      <text x={LEFT} y={86}>
        {formatClock(first.fixMs)}
      </text>
      <text x={(LEFT + WIDTH) / 2} y={86} textAnchor="middle">
        {formatClock(middleMs)}
      </text>
      <text className={styles['now']} x={WIDTH} y={86} textAnchor="end">
        {formatClock(last.fixMs)}
      </text>
    </svg>
  );
});
