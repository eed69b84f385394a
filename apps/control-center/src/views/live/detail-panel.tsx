import { SearchX, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTrackers } from '../../hooks/use-lists.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { useLiveValue, useTracker } from '../../live/live-context.ts';
import { type LiveTracker } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { DetailActions } from './detail-actions.tsx';
import { DetailFacts } from './detail-facts.tsx';
import { RecentEvents } from './recent-events.tsx';
import { SeenBy, useGroupNames } from './seen-by.tsx';
import { TodaySection } from './today-section.tsx';
import { TrackerAlerts } from './tracker-alerts.tsx';
import { useAlertMark } from './tracker-row.tsx';
import { useTrackerCrossings } from './use-tracker-crossings.ts';
import type { Trail } from './use-trail.ts';
import styles from './detail-panel.module.css';

interface DetailPanelProps {
  readonly trackerId: number;
  readonly trail: Trail;
  /** The map is in sight: there is something to show and to follow on. */
  readonly hasMap: boolean;
  readonly following: boolean;
  readonly onFollow: (on: boolean) => void;
  readonly onShow: () => void;
  readonly onClose: () => void;
}

const text = messages.detail;

function withKnownFix(tracker: LiveTracker | undefined, noFixMs: number | null) {
  const fix = tracker?.fix ?? null;
  if (tracker === undefined || fix === null || fix.fixMs !== noFixMs) return tracker;
  return { ...tracker, fix: { ...fix, valid: false } };
}

/** The one selected tracker: who, what to do, facts, today. */
export function DetailPanel(props: DetailPanelProps) {
  const { trackerId, trail, hasMap, following, onFollow, onShow, onClose } = props;
  const heard = useTracker(trackerId);
  // before anything is known nobody can be said to be gone
  const loaded = useLiveValue((snapshot) => snapshot.loaded);
  // live positions do not tell whether the device had a fix, its history does
  const tracker = useMemo(() => withKnownFix(heard, trail.noFixMs), [heard, trail.noFixMs]);
  const crossings = useTrackerCrossings(trackerId);
  const places = usePlaces();
  const panelRef = useRef<HTMLElement>(null);
  useEffect(() => {
    // in braces: newer browsers return a promise, which is no clean-up
    panelRef.current?.scrollTo({ top: 0 });
  }, [trackerId]);

  return (
    <aside
      ref={panelRef}
      className={styles['panel']}
      aria-label={text.region}
      tabIndex={-1}
      data-region="detail"
    >
      <header className={styles['header']}>
        <span className={styles['badge']}>
          {tracker !== undefined && <Glyph tracker={tracker} />}
        </span>
        <span className={styles['title']}>
          <h2>
            <bdi>{tracker?.name ?? (loaded ? text.goneTitle : text.region)}</bdi>
          </h2>
          {tracker !== undefined && <Belonging tracker={tracker} />}
        </span>
        <IconButton label={text.close} onClick={onClose}>
          <X size={18} />
        </IconButton>
      </header>
      {tracker === undefined && !loaded && <Skeleton rows={3} label={text.region} />}
      {tracker === undefined && loaded && (
        <StateMessage icon={SearchX} title={text.goneTitle} text={text.goneText} />
      )}
      {tracker !== undefined && (
        <>
          <DetailActions
            tracker={tracker}
            hasMap={hasMap}
            following={following}
            onFollow={onFollow}
            onShow={onShow}
          />
          <TrackerAlerts trackerId={trackerId} />
          <DetailFacts tracker={tracker} places={places} crossings={crossings.crossings} />
          <TodaySection tracker={tracker} trail={trail} places={places} />
          <RecentEvents {...crossings} />
          <SeenBy tracker={tracker} />
        </>
      )}
    </aside>
  );
}

/** The shape of its loudest alert, or of what it does. */
function Glyph({ tracker }: { readonly tracker: LiveTracker }) {
  const alert = useAlertMark(tracker.trackerId);
  if (alert !== undefined) return <SeverityGlyph severity={alert.severity} size={24} />;
  return <StateGlyph state={tracker.state} headingDeg={tracker.fix?.headingDeg ?? null} />;
}

/** Its groups and the kind of its device. */
function Belonging({ tracker }: { readonly tracker: LiveTracker }) {
  const names = useGroupNames(tracker);
  const device = useTrackers().data?.find(({ id }) => id === tracker.trackerId)?.device ?? null;
  const words = [...names, ...(device === null ? [] : [protocolName(device.protocol)])].join(' · ');
  return (
    <span className={styles['belonging']} title={words}>
      <bdi>{words}</bdi>
    </span>
  );
}

/** `meitrack` as its maker writes it. */
function protocolName(protocol: string): string {
  return protocol.charAt(0).toUpperCase() + protocol.slice(1);
}
