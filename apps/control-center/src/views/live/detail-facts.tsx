import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { formatAgo, formatClockSeconds, formatExact } from '../../format/relative-time.ts';
import {
  formatCoordinates,
  formatHeading,
  formatPercent,
  formatSpeed,
} from '../../format/units.ts';
import { useNow } from '../../hooks/use-now.ts';
import { type LiveTracker, shownSpeedKmh } from '../../live/live-tracker.ts';
import type { Fix } from '../../live/socket-frames.ts';
import { messages } from '../../messages/messages.ts';
import type { Places } from '../../places/places.ts';
import { IconButton } from '../../ui/button.tsx';
import { useAsOf } from './connection-status.tsx';
import { stateSentence } from './state-words.ts';
import styles from './detail-panel.module.css';

interface Props {
  readonly tracker: LiveTracker;
  readonly places: Places | null;
}

const text = messages.detail;
const NONE = '–';
const COPIED_MS = 2000;

function batteryText(fix: Fix): string {
  if (fix.batteryPct === null) return text.unknown;
  const level = formatPercent(fix.batteryPct);
  return fix.charging === true ? `${level}, ${text.charging}` : level;
}

function satellitesText({ satellitesInUse, satellitesInView }: Fix): string {
  if (satellitesInUse === null) return text.unknown;
  if (satellitesInView === null) return messages.counted(satellitesInUse);
  return text.satellitesOf(satellitesInUse, satellitesInView);
}

/** What is known of a tracker now; says so where it reported nothing. */
export function DetailFacts({ tracker, places }: Props) {
  const nowMs = useNow();
  const asOfMs = useAsOf();
  const { fix, state } = tracker;
  const speedKmh = shownSpeedKmh(tracker);
  // what was reported is not what holds now
  const unknownSpeed = fix?.speedKmh == null ? text.unknown : NONE;
  const nowLabel =
    asOfMs === null || state === 'silent'
      ? text.now
      : messages.connection.asOfLabel(formatClockSeconds(asOfMs));
  return (
    <section className={styles['section']}>
      <dl className={styles['facts']}>
        <Fact name={nowLabel}>
          <span className={asOfMs === null ? styles[state] : styles['muted']}>
            {stateSentence(tracker, nowMs, asOfMs)}
          </span>
        </Fact>
        {fix !== null && (
          <>
            <Fact name={text.heard}>{formatAgo(fix.fixMs, nowMs)}</Fact>
            <Fact name={text.speed}>
              {speedKmh === null ? unknownSpeed : formatSpeed(speedKmh)}
            </Fact>
            <Fact name={text.heading}>
              {fix.headingDeg === null ? text.unknown : formatHeading(fix.headingDeg)}
            </Fact>
            <Fact name={text.battery}>{batteryText(fix)}</Fact>
            <Fact name={text.satellites}>{satellitesText(fix)}</Fact>
            <Fact name={text.near} wide>
              {places?.describe(fix.lat, fix.lon) || text.unknown}
            </Fact>
            <Fact name={text.lastFix} wide>
              <time dateTime={new Date(fix.fixMs).toISOString()}>{formatExact(fix.fixMs)}</time>
            </Fact>
            <Fact name={text.coordinates} wide>
              <Coordinates fix={fix} />
            </Fact>
          </>
        )}
      </dl>
    </section>
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

function Coordinates({ fix }: { fix: Fix }) {
  const [copied, setCopied] = useState(false);
  const value = formatCoordinates(fix.lat, fix.lon);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      return; // not allowed here: the text can still be selected by hand
    }
    setCopied(true);
    browserClock.after(COPIED_MS, () => setCopied(false));
  }
  return (
    <>
      <span data-testid="coordinates">{value}</span>
      <IconButton
        className={styles['copy']}
        label={copied ? text.copied : text.copy}
        onClick={() => void copy()}
      >
        {copied ? <Check size={14} /> : <Copy size={14} />}
      </IconButton>
    </>
  );
}
