import { MapPin, Radio, SatelliteDish } from 'lucide-react';
import { useState } from 'react';
import { formatAgo, formatExact } from '../../format/relative-time.ts';
import { useNow } from '../../hooks/use-now.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { useLiveValue, useTracker } from '../../live/live-context.ts';
import { messages } from '../../messages/messages.ts';
import { navigate } from '../../shell/route.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { type FirstFix, firstLook, followFirstFix } from './first-fix.ts';
import styles from './connect.module.css';

const text = messages.trackerPages;

interface Props {
  readonly trackerId: number;
}

/** Waits for the device of a tracker, live, and says what came: nothing, no satellites, a position. */
export function FirstFixCard({ trackerId }: Props) {
  const tracker = useTracker(trackerId);
  const isLoaded = useLiveValue(({ loaded }) => loaded);
  const isLive = useLiveValue(
    ({ connection }) => connection.kind === 'live' || connection.kind === 'connecting',
  );
  const nowMs = useNow();
  const [state, setState] = useState<FirstFix | null>(null);
  // before the first cache nobody knows whether it has reported
  const next = !isLoaded
    ? state
    : state === null
      ? firstLook(tracker, nowMs)
      : followFirstFix(state, tracker, nowMs);
  if (next !== state) setState(next);
  const shown = next ?? { kind: 'waiting' as const };
  return (
    <Card>
      <div className={styles['stack']}>
        <div className={styles['status']}>
          <span className={styles['statusIcon']} data-kind={shown.kind} aria-hidden="true">
            <KindIcon kind={shown.kind} />
          </span>
          <Words state={shown} nowMs={nowMs} />
          {'lon' in shown && (
            <Button kind="primary" onPress={() => navigate(`/?tracker=${trackerId}`)}>
              {text.showOnMap}
            </Button>
          )}
        </div>
        {!isLive && shown.kind === 'waiting' && <Banner kind="warning">{text.offline}</Banner>}
      </div>
    </Card>
  );
}

function KindIcon({ kind }: { readonly kind: FirstFix['kind'] }) {
  if (kind === 'waiting') return <Radio size={18} />;
  return kind === 'noPosition' ? <SatelliteDish size={18} /> : <MapPin size={18} />;
}

interface WordsProps {
  readonly state: FirstFix;
  readonly nowMs: number;
}

function Words({ state, nowMs }: WordsProps) {
  return (
    <div className={styles['statusWords']}>
      {/* read aloud once per kind; the seconds beside it change without a word */}
      <p role="status" className={styles['aloud']}>
        {aloud(state.kind)}
      </p>
      <p className={styles['statusTitle']} aria-hidden="true">
        {titleOf(state, nowMs)}
      </p>
      {state.kind === 'waiting' && (
        <>
          <p className={styles['statusText']}>{text.waitingText}</p>
          <details className={styles['help']}>
            <summary>{text.waitingHelp}</summary>
            {text.waitingHelpText}
          </details>
        </>
      )}
      {state.kind === 'noPosition' && <p className={styles['statusText']}>{text.noPositionText}</p>}
      {'lon' in state && <PlaceLine state={state} />}
    </div>
  );
}

function aloud(kind: FirstFix['kind']): string {
  switch (kind) {
    case 'waiting':
      return text.waiting;
    case 'noPosition':
      return text.noPosition;
    case 'received':
      return text.firstFixNow;
    case 'reporting':
      return text.reportingNow;
  }
}

function titleOf(state: FirstFix, nowMs: number): string {
  if (state.kind === 'waiting' || state.kind === 'noPosition') return aloud(state.kind);
  const thenMs = state.kind === 'received' ? state.seenMs : state.fixMs;
  const ago = formatAgo(thenMs, nowMs);
  if (ago === messages.time.now) return aloud(state.kind);
  return state.kind === 'received' ? text.firstFix(ago) : text.reporting(ago);
}

function PlaceLine({ state }: { readonly state: Extract<FirstFix, { lon: number }> }) {
  const places = usePlaces();
  const where = places?.describe(state.lat, state.lon) ?? '';
  const isOld = state.kind === 'received' && state.isOld;
  return (
    <p className={styles['statusText']}>
      {where !== '' && <bdi>{where}</bdi>}
      {isOld && ` ${text.firstFixOld(formatExact(state.fixMs))}`}
    </p>
  );
}
