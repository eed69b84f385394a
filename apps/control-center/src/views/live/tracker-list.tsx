import { useVirtualizer } from '@tanstack/react-virtual';
import { CloudOff, RadioTower, Search, SearchX, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { useLiveValue } from '../../live/live-context.ts';
import { NO_FILTER, type TrackerFilter } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { TrackerRow } from './tracker-row.tsx';
import styles from './tracker-list.module.css';

const ROW_PX = 46;
const OVERSCAN = 8;
const SKELETON_ROWS = 9;
const text = messages.trackers;

export interface TrackerListProps {
  readonly ids: readonly number[];
  readonly total: number;
  readonly selectedId: number | null;
  readonly filter: TrackerFilter;
  readonly onFilter: (filter: TrackerFilter) => void;
  readonly onSelect: (trackerId: number) => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  /** The list of names did not load; live positions may still come. */
  readonly failed: boolean;
  readonly onRetry: () => void;
}

/** Heading, filter and the rows. Only the rows in sight exist, so ten thousand cost what thirty do. */
export function TrackerList(props: TrackerListProps) {
  const { ids, total, filter, onFilter, searchRef } = props;
  return (
    <>
      <h2 className={styles['heading']}>
        {text.title}
        <span className={styles['count']}>
          {ids.length === total
            ? messages.counted(total)
            : `${messages.counted(ids.length)} / ${messages.counted(total)}`}
        </span>
      </h2>
      <div className={styles['search']}>
        <Search size={16} aria-hidden="true" />
        <input
          ref={searchRef}
          type="search"
          value={filter.search}
          placeholder={text.search}
          aria-label={text.search}
          onChange={(event) => onFilter({ ...filter, search: event.target.value })}
        />
        {filter.search === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <IconButton
            className={styles['clear']}
            label={text.clearSearch}
            onClick={() => onFilter({ ...filter, search: '' })}
          >
            <X size={14} />
          </IconButton>
        )}
      </div>
      <Rows {...props} />
    </>
  );
}

function Rows(props: TrackerListProps) {
  const { ids, total, failed, onRetry, onFilter } = props;
  const loaded = useLiveValue((snapshot) => snapshot.loaded);
  if (ids.length > 0) return <VirtualRows {...props} />;
  if (total > 0) {
    return (
      <StateMessage icon={SearchX} title={text.noMatchTitle} text={text.noMatchText}>
        <Button onClick={() => onFilter(NO_FILTER)}>{text.showAll}</Button>
      </StateMessage>
    );
  }
  if (failed) {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.failedText}>
        <Button onClick={onRetry}>{text.tryAgain}</Button>
      </StateMessage>
    );
  }
  if (!loaded) return <Skeleton rows={SKELETON_ROWS} label={text.title} />;
  return <StateMessage icon={RadioTower} title={text.emptyTitle} text={text.emptyText} />;
}

function VirtualRows({ ids, selectedId, onSelect }: TrackerListProps) {
  const scrollRef = useRef<HTMLDivElement>(null);
  const places = usePlaces();
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
  });

  const selectedIndex = selectedId === null ? -1 : ids.indexOf(selectedId);
  useEffect(() => {
    if (selectedIndex >= 0) rows.scrollToIndex(selectedIndex, { align: 'auto' });
    // only a new selection scrolls, not a list that changed around it
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId]);

  function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    const index = Number(event.target.dataset['index']) + step;
    if (!(index >= 0 && index < ids.length)) return;
    rows.scrollToIndex(index, { align: 'auto' });
    browserClock.nextFrame(() => {
      scrollRef.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
    });
  }

  return (
    <div ref={scrollRef} className={styles['scroll']}>
      <ul
        role="list"
        aria-label={text.title}
        className={styles['rows']}
        style={{ blockSize: rows.getTotalSize() }}
        onKeyDown={moveFocus}
      >
        {rows.getVirtualItems().map((item) => {
          const trackerId = ids[item.index];
          if (trackerId === undefined) return null;
          return (
            <li
              key={item.key}
              aria-setsize={ids.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <TrackerRow
                trackerId={trackerId}
                index={item.index}
                selected={trackerId === selectedId}
                places={places}
                onSelect={onSelect}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
