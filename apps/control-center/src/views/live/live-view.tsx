import type { SessionReply } from '@followme/contracts';
import { ChevronsUpDown } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import { updateUrl } from '../../browser/url-state.ts';
import { NO_FILTER, type TrackerFilter } from '../../live/live-tracker.ts';
import type { MapEngine } from '../../map/map-engine.ts';
import { messages } from '../../messages/messages.ts';
import { DetailPanel, type DetailPanelProps } from './detail-panel.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { LiveStage } from './live-stage.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { TrackerList, type TrackerListProps } from './tracker-list.tsx';
import { type Layout, NEXT_STOP, type SheetStop, useLayout } from './use-layout.ts';
import { useKeys } from './use-keys.ts';
import { useSelection } from './use-selection.ts';
import { useTrail } from './use-trail.ts';
import { useVisibleTrackers } from './use-visible-trackers.ts';
import styles from './live-view.module.css';

interface Props {
  readonly session: SessionReply;
  readonly onLogOut: () => void;
  readonly listFailed: boolean;
  readonly onRetryList: () => void;
}

/** The live view: list, map or table, the selected tracker, and what is happening. */
export function LiveView({ session, onLogOut, listFailed, onRetryList }: Props) {
  const [filter, setFilter] = useState<TrackerFilter>(NO_FILTER);
  const { selectedId, urlView, following, setFollowing, choose } = useSelection();
  const [noMap, setNoMap] = useState(false);
  const layout = useLayout(selectedId !== null);
  const visible = useVisibleTrackers(filter);
  const trail = useTrail(selectedId);
  const searchRef = useRef<HTMLInputElement>(null);
  const keysRef = useRef<HTMLDialogElement>(null);
  const engineRef = useRef<MapEngine>(null);
  const view = noMap ? 'table' : urlView;

  function select(trackerId: number | null): void {
    layout.setSheet('half');
    choose(trackerId);
  }

  const showKeys = (): void => keysRef.current?.showModal();
  useKeys({
    onToggleView: () => setView(view === 'map' ? 'table' : 'map'),
    onSearch: () => focusSearch(searchRef),
    onBack: () => select(null),
    onHelp: showKeys,
  });
  const list = {
    ...visible,
    selectedId,
    filter,
    onFilter: setFilter,
    onSelect: select,
    searchRef,
    failed: listFailed,
    onRetry: onRetryList,
  };

  return (
    <div
      className={styles['app']}
      data-view={view}
      data-detail={selectedId !== null}
      data-activity={layout.activityOpen}
      data-sheet={layout.sheet}
    >
      <Rail view={view} onView={setView} onKeys={showKeys} />
      <TopBar session={session} onLogOut={onLogOut} />
      <LeftPanel layout={layout} list={list} />
      <LiveStage
        view={view}
        noMap={noMap}
        ids={visible.ids}
        filter={filter}
        onFilter={setFilter}
        layout={layout}
        map={{
          selectedId,
          isVisible: visible.isVisible,
          trail,
          following,
          padding: layout.padding,
          engineRef,
          onSelect: select,
          onPan: () => setFollowing(false),
          onNoMap: () => setNoMap(true),
        }}
      />
      {selectedId !== null && (
        <DetailSlot
          layout={layout}
          detail={{
            trackerId: selectedId,
            trail,
            hasMap: view === 'map',
            following,
            onFollow: setFollowing,
            onShow: () => engineRef.current?.showSelection(),
            onClose: () => select(null),
          }}
        />
      )}
      <KeysDialog dialogRef={keysRef} />
    </div>
  );
}

interface LeftProps {
  readonly layout: Layout;
  readonly list: TrackerListProps;
}

function LeftPanel({ layout, list }: LeftProps) {
  return (
    <aside className={styles['left']} aria-label={messages.trackers.title} data-region="list">
      <SheetHandle sheet={layout.sheet} onSheet={layout.setSheet} />
      <TrackerList {...list} />
    </aside>
  );
}

interface DetailSlotProps {
  readonly layout: Layout;
  readonly detail: DetailPanelProps;
}

function DetailSlot({ layout, detail }: DetailSlotProps) {
  return (
    <div className={styles['detail']}>
      <SheetHandle sheet={layout.sheet} onSheet={layout.setSheet} />
      <DetailPanel {...detail} />
    </div>
  );
}

function setView(view: 'map' | 'table'): void {
  updateUrl({ view });
}

function focusSearch(searchRef: RefObject<HTMLInputElement | null>): void {
  searchRef.current?.focus();
  searchRef.current?.select();
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
