import { MapPinOff } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { ActivityStrip } from './activity-strip.tsx';
import { ConnectionBar } from './connection-status.tsx';
import { FilterChips } from './filter-chips.tsx';
import { FilterField } from './filter-field.tsx';
import { MapStage, type MapStageProps } from './map-stage.tsx';
import type { TrackerListProps } from './tracker-list.tsx';
import { StillMap } from './still-map.tsx';
import { TrackerTable } from './tracker-table.tsx';
import type { Layout } from './use-layout.ts';
import { WelcomeCard } from './welcome-card.tsx';
import styles from './live-view.module.css';

interface Props {
  readonly view: 'map' | 'table';
  /** The browser cannot draw the map. */
  readonly noMap: boolean;
  readonly list: TrackerListProps;
  readonly layout: Layout;
  readonly map: MapStageProps;
}

/** The map or its table, and what floats over either: connection, chips, activity. */
export function LiveStage({ view, noMap, list, layout, map }: Props) {
  return (
    <main className={styles['stage']}>
      <div className={styles['above']}>
        <ConnectionBar />
        <FilterChips filter={list.filter} onFilter={list.onFilter} />
        {view === 'map' && <WelcomeCard />}
        {view === 'table' && (
          <div className={styles['field']}>
            <FilterField {...list} />
          </div>
        )}
      </div>
      {!noMap && <MapStage {...map} />}
      {view === 'table' && (
        <div className={styles['table']} data-region="table">
          {noMap && <NoMap />}
          {noMap && <StillMap selectedId={list.selectedId} onSelect={map.onSelect} />}
          <TrackerTable {...list} />
        </div>
      )}
      {view === 'map' && (
        <div className={styles['activity']} data-region="activity">
          <ActivityStrip
            open={layout.activityOpen}
            onOpen={layout.setActivityOpen}
            onSelect={map.onSelect}
          />
        </div>
      )}
    </main>
  );
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
