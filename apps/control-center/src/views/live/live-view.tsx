import { ChevronsUpDown } from 'lucide-react';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { useAlertValue } from '../../alerts/alerts-context.ts';
import { updateUrl } from '../../browser/url-state.ts';
import { NO_FILTER, type TrackerFilter } from '../../live/tracker-filter.ts';
import type { ClusterMembers } from '../../live/live-store.ts';
import { BY_NAME, type RowSort } from '../../live/row-order.ts';
import type { MapEngine } from '../../map/map-engine.ts';
import { messages } from '../../messages/messages.ts';
import { useRoute } from '../../shell/route.ts';
import { showsStage } from '../../shell/sections.tsx';
import { PlacesPanel, usePlacesOpen } from '../places/places-panel.tsx';
import { ClusterPanel } from './cluster-panel.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { LiveStage } from './live-stage.tsx';
import { Queue } from './queue.tsx';
import { TrackerList, type TrackerListProps } from './tracker-list.tsx';
import { type Layout, NEXT_STOP, type SheetStop, useLayout } from './use-layout.ts';
import { useKeys } from './use-keys.ts';
import { useRoving } from './use-roving.ts';
import { useSelection } from './use-selection.ts';
import { type Trail, useTrail } from './use-trail.ts';
import { useVisibleTrackers } from './use-visible-trackers.ts';
import styles from './live-view.module.css';

interface Props {
  readonly listFailed: boolean;
  readonly onRetryList: () => void;
}

/** The live view: list, map or table, the selected tracker, and what is happening. */
export function LiveView({ listFailed, onRetryList }: Props) {
  const [filter, setFilter] = useState<TrackerFilter>(NO_FILTER);
  const [sort, setSort] = useState<RowSort>(BY_NAME);
  const selection = useSelection();
  const { selectedId, cluster, following, setFollowing } = selection;
  const [noMap, setNoMap] = useState(false);
  const route = useRoute();
  const isPlaces = route.section === 'places';
  const place = usePlacesOpen();
  // places are shown on the map; only where there is none the table stands beside them
  const view = noMap ? 'table' : isPlaces ? 'map' : selection.urlView;
  const hasTracker = !isPlaces && (selectedId !== null || cluster !== null);
  const hasDetail = hasTracker || place.kind === 'place';
  const isRinging = useAlertValue((snapshot) => snapshot.ringing !== null);
  const layout = useLayout({ hasDetail, isRinging });
  const visible = useVisibleTrackers(filter, view === 'table' ? sort : BY_NAME);
  const roving = useRoving({ ids: visible.ids, selectedId, search: filter.search });
  const trail = useTrail(selectedId);
  const searchRef = useRef<HTMLInputElement>(null);
  const engineRef = useRef<MapEngine>(null);

  function select(trackerId: number | null): void {
    layout.setSheet('half');
    selection.choose(trackerId);
  }

  useKeys({
    isActive: showsStage(route) && !isPlaces,
    onToggleView: () => setView(view === 'map' ? 'table' : 'map'),
    onSearch: () => focusSearch(searchRef),
    onBack: () => select(null),
  });
  const list = {
    ...visible,
    selectedId,
    filter,
    onFilter: setFilter,
    sort,
    onSort: setSort,
    onSelect: select,
    searchRef,
    roving,
    failed: listFailed,
    onRetry: onRetryList,
  };
  const map = {
    selectedId,
    trail,
    following,
    padding: layout.padding,
    engineRef,
    ...mapClicks({ isPlaces, select, openCluster: selection.openCluster }),
    onPan: () => setFollowing(false),
    onNoMap: () => setNoMap(true),
  };

  return (
    <div
      className={styles['app']}
      {...layoutMarks(layout, view, hasDetail)}
      data-places={isPlaces ? place.kind : undefined}
    >
      <h1 className={styles['title']}>{messages.shell.sections[isPlaces ? 'places' : 'live']}</h1>
      {isPlaces ? (
        <PlacesSide layout={layout} />
      ) : (
        view === 'map' && <LeftPanel layout={layout} list={list} />
      )}
      <LiveStage view={view} noMap={noMap} list={list} layout={layout} map={map} />
      {hasTracker && (
        <DetailSlot layout={layout}>
          <Selected
            selection={selection}
            trail={trail}
            hasMap={view === 'map'}
            onSelect={select}
            onShow={() => engineRef.current?.showSelection()}
          />
        </DetailSlot>
      )}
    </div>
  );
}

interface ClicksInput {
  readonly isPlaces: boolean;
  readonly select: (trackerId: number | null) => void;
  readonly openCluster: (members: ClusterMembers) => void;
}

/** Beside places only a tracker leads to the live view: a click on the map is about places. */
function mapClicks({ isPlaces, select, openCluster }: ClicksInput) {
  return {
    onSelect(trackerId: number | null): void {
      if (!isPlaces || trackerId !== null) select(trackerId);
    },
    onCluster(members: ClusterMembers): void {
      if (!isPlaces) openCluster(members);
    },
  };
}

interface SelectedProps {
  readonly selection: ReturnType<typeof useSelection>;
  readonly trail: Trail;
  readonly hasMap: boolean;
  readonly onSelect: (trackerId: number | null) => void;
  readonly onShow: () => void;
}

/** The selected tracker, or who is in the cluster that was clicked. */
function Selected({ selection, trail, hasMap, onSelect, onShow }: SelectedProps) {
  const { selectedId, cluster, following, setFollowing } = selection;
  const close = (): void => onSelect(null);
  if (selectedId !== null) {
    return (
      <DetailPanel
        trackerId={selectedId}
        trail={trail}
        hasMap={hasMap}
        following={following}
        onFollow={setFollowing}
        onShow={onShow}
        onClose={close}
      />
    );
  }
  return cluster === null ? null : (
    <ClusterPanel cluster={cluster} onSelect={onSelect} onClose={close} />
  );
}

/** What is open, for the style sheet. */
function layoutMarks(layout: Layout, view: 'map' | 'table', hasDetail: boolean) {
  return {
    'data-view': view,
    'data-detail': hasDetail,
    'data-activity': layout.activityOpen,
    'data-sheet': layout.sheet,
  };
}

interface LeftProps {
  readonly layout: Layout;
  readonly list: TrackerListProps;
}

function LeftPanel({ layout, list }: LeftProps) {
  return (
    <aside className={styles['left']} aria-label={messages.trackers.title} data-region="list">
      <SheetHandle sheet={layout.sheet} onSheet={layout.setSheet} />
      <Queue />
      <TrackerList {...list} />
    </aside>
  );
}

function PlacesSide({ layout }: { readonly layout: Layout }) {
  return (
    <aside className={styles['left']} aria-label={messages.places.title} data-region="list">
      <SheetHandle sheet={layout.sheet} onSheet={layout.setSheet} />
      <PlacesPanel />
    </aside>
  );
}

interface DetailSlotProps {
  readonly layout: Layout;
  readonly children: ReactNode;
}

function DetailSlot({ layout, children }: DetailSlotProps) {
  return (
    <div className={styles['detail']}>
      <SheetHandle sheet={layout.sheet} onSheet={layout.setSheet} />
      {children}
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
