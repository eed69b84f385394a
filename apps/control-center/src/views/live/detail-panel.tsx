import { Crosshair, LocateFixed, SearchX, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { usePlaces } from '../../hooks/use-places.ts';
import { useTracker } from '../../live/live-context.ts';
import { type LiveTracker } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { useAsOf } from './connection-status.tsx';
import { DetailFacts } from './detail-facts.tsx';
import { stateWord } from './state-words.ts';
import { TodaySection } from './today-section.tsx';
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
  // live positions do not tell whether the device had a fix, its history does
  const tracker = useMemo(() => withKnownFix(heard, trail.noFixMs), [heard, trail.noFixMs]);
  const asOfMs = useAsOf();
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
          {tracker !== undefined && (
            <StateGlyph state={tracker.state} headingDeg={tracker.fix?.headingDeg ?? null} />
          )}
        </span>
        <span className={styles['title']}>
          <h2>
            <bdi>{tracker?.name ?? text.goneTitle}</bdi>
          </h2>
          {tracker !== undefined && (
            <span className={styles['muted']}>{stateWord(tracker, asOfMs)}</span>
          )}
        </span>
        <IconButton label={text.close} onClick={onClose}>
          <X size={18} />
        </IconButton>
      </header>
      {tracker === undefined ? (
        <StateMessage icon={SearchX} title={text.goneTitle} text={text.goneText} />
      ) : (
        <>
          {tracker.fix !== null && hasMap && (
            <div className={styles['actions']}>
              <Button
                aria-pressed={following}
                kind={following ? 'primary' : 'plain'}
                onClick={() => onFollow(!following)}
              >
                <Crosshair size={16} aria-hidden="true" />
                {following ? text.following : text.follow}
              </Button>
              <Button onClick={onShow}>
                <LocateFixed size={16} aria-hidden="true" />
                {text.show}
              </Button>
            </div>
          )}
          <DetailFacts tracker={tracker} places={places} />
          <TodaySection tracker={tracker} trail={trail} places={places} />
        </>
      )}
    </aside>
  );
}
