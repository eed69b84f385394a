import { Route } from 'lucide-react';
import { useMemo } from 'react';
import { formatClock, formatStay } from '../../format/relative-time.ts';
import { formatCoordinates, formatDistance } from '../../format/units.ts';
import type { LiveTracker } from '../../live/live-tracker.ts';
import { summariseTrail, type TrailPoint } from '../../map/trail.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { useAsOf } from './connection-status.tsx';
import { SpeedChart } from './speed-chart.tsx';
import { stateWord } from './state-words.ts';
import type { Trail } from './use-trail.ts';
import styles from './detail-panel.module.css';

interface Props {
  readonly tracker: LiveTracker;
  readonly trail: Trail;
  readonly places: Places | null;
}

const text = messages.detail;
/** The newest stops are enough for a glance; the map shows all. */
const SHOWN_STOPS = 4;

/** Today of one tracker: how far, how fast, where it stood. */
export function TodaySection({ tracker, trail, places }: Props) {
  const { points } = trail;
  const summary = useMemo(() => summariseTrail(points), [points]);
  const hasWay = points.length > 1;
  return (
    <section className={styles['section']} aria-label={text.today}>
      <h3 className={styles['today']}>
        <b>{text.today}</b>
        {hasWay && (
          <span className={styles['muted']}>
            {text.distanceAndStops(
              formatDistance(summary.distanceM),
              text.stops(summary.stops.length),
            )}
          </span>
        )}
      </h3>
      {trail.status === 'failed' && (
        <StateMessage icon={Route} title={text.trailFailedTitle} text={text.trailFailedText}>
          <Button onClick={trail.retry}>{messages.trackers.tryAgain}</Button>
        </StateMessage>
      )}
      {trail.status === 'loading' && <Skeleton rows={2} label={text.today} />}
      {trail.status === 'ready' && !hasWay && <p className={styles['muted']}>{text.noTrail}</p>}
      {hasWay && trail.status === 'ready' && (
        <>
          <SpeedChart points={points} />
          {trail.cut && (
            <p className={styles['muted']}>{text.cut(messages.counted(points.length))}</p>
          )}
          <ol className={styles['stops']}>
            <Now tracker={tracker} places={places} />
            {summary.stops
              .slice(-SHOWN_STOPS)
              .toReversed()
              .map((stop) => (
                <li key={stop.fromMs}>
                  <time>{formatClock(stop.fromMs)}</time>
                  <span className={styles['square']} />
                  <span className={styles['cut']}>
                    {places?.describe(stop.lat, stop.lon) ?? formatCoordinates(stop.lat, stop.lon)}
                  </span>
                  <span className={styles['muted']}>{formatStay(stop.untilMs - stop.fromMs)}</span>
                </li>
              ))}
            <Start points={points} stops={summary.stops} places={places} />
          </ol>
        </>
      )}
    </section>
  );
}

interface StartProps {
  readonly points: readonly TrailPoint[];
  readonly stops: readonly { readonly fromMs: number }[];
  readonly places: Places | null;
}

/** Where today began, unless it began with a stop, which is listed as such. */
function Start({ points, stops, places }: StartProps) {
  const first = points[0];
  if (first === undefined || stops[0]?.fromMs === first.fixMs) return null;
  return (
    <li>
      <time>{formatClock(first.fixMs)}</time>
      <span className={styles['square']} />
      <span className={styles['cut']}>
        {places?.describe(first.lat, first.lon) || formatCoordinates(first.lat, first.lon)}
      </span>
      <span className={styles['muted']}>{text.start}</span>
    </li>
  );
}

function Now({ tracker, places }: Omit<Props, 'trail'>) {
  const { fix } = tracker;
  const asOfMs = useAsOf();
  if (fix === null) return null;
  const place = places?.describe(fix.lat, fix.lon) ?? '';
  return (
    <li className={styles['present']}>
      <time>{formatClock(fix.fixMs)}</time>
      <span className={styles['square']} />
      <span className={styles['cut']}>
        {place === '' ? formatCoordinates(fix.lat, fix.lon) : place}
      </span>
      <span className={styles['muted']}>{stateWord(tracker, asOfMs).toLowerCase()}</span>
    </li>
  );
}
