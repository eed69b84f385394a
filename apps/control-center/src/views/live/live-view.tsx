import type { SessionReply } from '@followme/contracts';
import { ChevronsUpDown, MapPinOff } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import { updateUrl, useUrlState } from '../../browser/url-state.ts';
import { DOCKED, MEDIUM, useMedia, WIDE } from '../../hooks/use-media.ts';
import { NO_FILTER, type TrackerFilter } from '../../live/live-tracker.ts';
import type { MapEngine, Padding } from '../../map/map-engine.ts';
import { messages } from '../../messages/messages.ts';
import { ActivityStrip } from './activity-strip.tsx';
import { ConnectionBar } from './connection-status.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { FilterChips } from './filter-chips.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { MapStage } from './map-stage.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { TrackerList } from './tracker-list.tsx';
import { TrackerTable } from './tracker-table.tsx';
import { useKeys } from './use-keys.ts';
import { useTrail } from './use-trail.ts';
import { useVisibleTrackers } from './use-visible-trackers.ts';
import styles from './live-view.module.css';

interface Props {
  readonly session: SessionReply;
  readonly onLogOut: () => void;
  readonly listFailed: boolean;
  readonly onRetryList: () => void;
}

/** How much of a phone's screen the sheet takes. */
type SheetStop = 'low' | 'half' | 'full';

const NEXT_STOP: Readonly<Record<SheetStop, SheetStop>> = {
  low: 'half',
  half: 'full',
  full: 'low',
};
const DETAIL_PX = 368;
const OPEN_ACTIVITY_PX = 176;
const CLOSED_ACTIVITY_PX = 60;
const CHIPS_PX = 52;
const PHONE_TOP_PX = 108;
const LOW_SHEET_PX = 96;
const TABS_PX = 56;

interface Covering {
  readonly detailFloats: boolean;
  /** Height of the activity at the lower edge. */
  readonly activityPx: number;
  readonly docked: boolean;
  readonly sheet: SheetStop;
}

function paddingOf({ detailFloats, activityPx, docked, sheet }: Covering): Padding {
  if (docked) {
    return { top: CHIPS_PX, right: detailFloats ? DETAIL_PX : 12, bottom: activityPx, left: 12 };
  }
  const half = window.innerHeight / 2 - TABS_PX;
  return { top: PHONE_TOP_PX, right: 12, bottom: sheet === 'low' ? LOW_SHEET_PX : half, left: 12 };
}

/** The live view: list, map or table, the selected tracker, and what is happening. */
export function LiveView({ session, onLogOut, listFailed, onRetryList }: Props) {
  const { trackerId: selectedId, view: chosenView } = useUrlState();
  const [filter, setFilter] = useState<TrackerFilter>(NO_FILTER);
  const [following, setFollowing] = useState(false);
  const [noMap, setNoMap] = useState(false);
  const medium = useMedia(MEDIUM);
  const docked = useMedia(DOCKED);
  const wide = useMedia(WIDE);
  const [activityOpen, setActivityOpen] = useState(wide);
  const [sheet, setSheet] = useState<SheetStop>('half');
  const visible = useVisibleTrackers(filter);
  const trail = useTrail(selectedId);
  const searchRef = useRef<HTMLInputElement>(null);
  const keysRef = useRef<HTMLDialogElement>(null);
  const engineRef = useRef<MapEngine>(null);
  const detailFloats = wide && selectedId !== null;
  const openPx = activityOpen ? OPEN_ACTIVITY_PX : CLOSED_ACTIVITY_PX;
  const activityPx = medium ? openPx : 12;
  const padding = paddingOf({ detailFloats, activityPx, docked, sheet });
  const view = noMap ? 'table' : chosenView;

  function select(trackerId: number | null): void {
    if (trackerId !== selectedId) setFollowing(false);
    if (trackerId !== null) setSheet('half');
    updateUrl({ trackerId });
  }

  useKeys({
    onToggleView: () => updateUrl({ view: view === 'map' ? 'table' : 'map' }),
    onSearch: () => focusSearch(searchRef),
    onBack: () => select(null),
    onHelp: () => keysRef.current?.showModal(),
  });

  return (
    <div
      className={styles['app']}
      data-view={view}
      data-detail={selectedId !== null}
      data-activity={activityOpen}
      data-sheet={sheet}
    >
      <Rail
        view={view}
        onView={(next) => updateUrl({ view: next })}
        onKeys={() => keysRef.current?.showModal()}
      />
      <TopBar session={session} onLogOut={onLogOut} />
      <aside className={styles['left']} aria-label={messages.trackers.title} data-region="list">
        <SheetHandle sheet={sheet} onSheet={setSheet} />
        <TrackerList
          ids={visible.ids}
          total={visible.total}
          selectedId={selectedId}
          filter={filter}
          onFilter={setFilter}
          onSelect={select}
          searchRef={searchRef}
          failed={listFailed}
          onRetry={onRetryList}
        />
      </aside>
      <main className={styles['stage']}>
        {!noMap && (
          <MapStage
            selectedId={selectedId}
            isVisible={visible.isVisible}
            trail={trail}
            following={following}
            padding={padding}
            engineRef={engineRef}
            onSelect={select}
            onPan={() => setFollowing(false)}
            onNoMap={() => setNoMap(true)}
          />
        )}
        {view === 'table' && (
          <div className={styles['table']} data-region="table">
            {noMap && <NoMap />}
            <TrackerTable ids={visible.ids} selectedId={selectedId} onSelect={select} />
          </div>
        )}
        <div className={styles['above']}>
          <ConnectionBar />
          <FilterChips filter={filter} onFilter={setFilter} />
        </div>
        <div className={styles['activity']} data-region="activity">
          <ActivityStrip open={activityOpen} onOpen={setActivityOpen} onSelect={select} />
        </div>
      </main>
      {selectedId !== null && (
        <div className={styles['detail']}>
          <SheetHandle sheet={sheet} onSheet={setSheet} />
          <DetailPanel
            trackerId={selectedId}
            trail={trail}
            hasMap={view === 'map'}
            following={following}
            onFollow={setFollowing}
            onShow={() => engineRef.current?.showSelection()}
            onClose={() => select(null)}
          />
        </div>
      )}
      <KeysDialog dialogRef={keysRef} />
    </div>
  );
}

function focusSearch(searchRef: RefObject<HTMLInputElement | null>): void {
  searchRef.current?.focus();
  searchRef.current?.select();
}

function NoMap() {
  return (
    <p role="status" className={styles['noMap']}>
      <MapPinOff size={18} aria-hidden="true" />
      <span>
        <b>{messages.map.noWebglTitle}.</b> {messages.map.noWebglText}
      </span>
    </p>
  );
}

interface HandleProps {
  readonly sheet: SheetStop;
  readonly onSheet: (stop: SheetStop) => void;
}

/** On a phone: makes the sheet larger, and small again after its largest. */
function SheetHandle({ sheet, onSheet }: HandleProps) {
  return (
    <button
      type="button"
      className={styles['handle']}
      aria-label={messages.trackers.openSheet}
      aria-expanded={sheet !== 'low'}
      onClick={() => onSheet(NEXT_STOP[sheet])}
    >
      <ChevronsUpDown size={14} aria-hidden="true" />
    </button>
  );
}
