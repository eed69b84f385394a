import type { LucideIcon } from 'lucide-react';
import {
  BatteryCharging,
  BatteryFull,
  BatteryLow,
  BatteryMedium,
  Hexagon,
  MapPin,
  Target,
} from 'lucide-react';
import type { ReactNode } from 'react';
import {
  formatAgo,
  formatClock,
  formatClockSeconds,
  formatExact,
} from '../../format/relative-time.ts';
import {
  compassPoint,
  formatCoordinates,
  formatDistance,
  formatPercent,
} from '../../format/units.ts';
import { useFences } from '../../hooks/use-fences.ts';
import { useNowText } from '../../hooks/use-now.ts';
import type { LiveTracker } from '../../live/live-tracker.ts';
import type { Crossing, Fix } from '../../live/socket-frames.ts';
import { messages } from '../../messages/messages.ts';
import { insidePlaces } from '../../places/inside-places.ts';
import type { Places } from '../../places/places.ts';
import { Link } from '../../shell/route.ts';
import { useAsOf } from './connection-status.tsx';
import { stateSentence } from './state-words.ts';
import { LOW_BATTERY_PCT } from './tracker-row.tsx';
import styles from './detail-panel.module.css';

interface Props {
  readonly tracker: LiveTracker;
  readonly places: Places | null;
  /** Of this tracker, newest first. */
  readonly crossings: readonly Crossing[];
}

const text = messages.detail;

function batteryText(fix: Fix): string {
  if (fix.batteryPct === null) return text.unknown;
  const level = formatPercent(fix.batteryPct);
  return fix.charging === true ? `${level}, ${text.charging}` : level;
}

/** How well the place is known: the radius, and by how many satellites. */
function accuracyText({ accuracyM, satellitesInUse, satellitesInView }: Fix): string {
  const satellites =
    satellitesInUse === null
      ? null
      : satellitesInView === null
        ? text.satelliteCount(satellitesInUse)
        : text.satellitesOf(satellitesInUse, satellitesInView);
  const radius = accuracyM === null ? null : formatDistance(accuracyM);
  return [radius, satellites].filter((part) => part !== null).join(', ') || text.unknown;
}

function batteryIcon({ batteryPct, charging }: Fix): LucideIcon {
  if (charging === true) return BatteryCharging;
  if (batteryPct === null || batteryPct > 60) return BatteryFull;
  return batteryPct <= LOW_BATTERY_PCT ? BatteryLow : BatteryMedium;
}

/** What is known of a tracker now; says so where it reported nothing. */
export function DetailFacts({ tracker, places, crossings }: Props) {
  const asOfMs = useAsOf();
  const { fix, state } = tracker;
  const sentence = useNowText((nowMs) => stateSentence(tracker, nowMs, asOfMs));
  const heard = useNowText((nowMs) => (fix === null ? '' : formatAgo(fix.fixMs, nowMs)));
  const nowLabel =
    asOfMs === null || state === 'silent'
      ? text.now
      : messages.connection.asOfLabel(formatClockSeconds(asOfMs));
  const heading = state === 'moving' && fix?.headingDeg != null ? compassPoint(fix.headingDeg) : '';
  const BatteryIcon = fix === null ? BatteryFull : batteryIcon(fix);
  const isLow = fix?.batteryPct != null && fix.batteryPct <= LOW_BATTERY_PCT;
  return (
    <section className={styles['section']}>
      <dl className={styles['facts']}>
        <Fact name={nowLabel} wide={fix === null}>
          <span className={asOfMs === null ? styles[state] : styles['muted']}>
            {sentence} {heading}
          </span>
        </Fact>
        {fix !== null && (
          <>
            <Fact name={text.lastFix}>
              <time dateTime={new Date(fix.fixMs).toISOString()} title={formatExact(fix.fixMs)}>
                {heard}
              </time>
            </Fact>
            <Fact name={text.battery}>
              <BatteryIcon size={16} aria-hidden="true" />
              <span className={isLow ? styles['low'] : undefined}>{batteryText(fix)}</span>
            </Fact>
            <Fact name={text.accuracy}>
              <Target size={16} aria-hidden="true" />
              {accuracyText(fix)}
            </Fact>
            <Inside crossings={crossings} />
            <Near fix={fix} places={places} />
          </>
        )}
      </dl>
    </section>
  );
}

/** Where that is, in words as far as there are any, and in numbers to read out over a radio. */
function Near({ fix, places }: { fix: Fix; places: Props['places'] }) {
  const place = places?.describe(fix.lat, fix.lon) ?? '';
  return (
    <Fact name={text.near} wide>
      <MapPin size={16} aria-hidden="true" />
      {place !== '' && <span className={styles['cut']}>{place}</span>}
      <span className={styles['since']} dir="ltr" data-testid="coordinates">
        {formatCoordinates(fix.lat, fix.lon)}
      </span>
    </Fact>
  );
}

/** In which places it is, and since when. */
function Inside({ crossings }: Pick<Props, 'crossings'>) {
  const fences = useFences().data;
  const inside = insidePlaces(
    crossings,
    (fenceId) => fences?.some(({ id }) => id === fenceId) ?? true,
  );
  if (inside.length === 0) return null;
  return (
    <Fact name={text.inside} wide>
      <ul role="list" className={styles['inside']}>
        {inside.map(({ fenceId, name, sinceMs }) => (
          <li key={fenceId}>
            <Hexagon size={16} aria-hidden="true" />
            <Link href={`/places/${fenceId}`} className={styles['cut']}>
              <bdi>{name}</bdi>
            </Link>{' '}
            <span className={styles['since']} title={formatExact(sinceMs)}>
              {text.since(formatClock(sinceMs))}
            </span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Fact({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide === true ? styles['wide'] : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
