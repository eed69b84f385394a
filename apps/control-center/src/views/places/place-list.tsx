import type { FenceReply } from '@followme/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CloudOff, MapPinPlus, SearchX } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { useGroups } from '../../hooks/use-lists.ts';
import { foldText } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { audienceWords } from './audience-words.ts';
import { KIND_ICONS } from './kind-icons.ts';
import { kindOf } from './place-facts.ts';
import { foldedName, sortPlaces } from './place-order.ts';
import styles from './place-list.module.css';

const text = messages.places;
const ROW_PX = 46;
const SKELETON_ROWS = 8;

interface Props {
  /** Undefined while they are on their way. */
  readonly fences: readonly FenceReply[] | undefined;
  readonly isFailed: boolean;
  readonly onRetry: () => void;
  readonly selectedId: number | null;
  readonly onSelect: (fenceId: number) => void;
  /** Makes a place; null for who may not. */
  readonly onAdd: (() => void) | null;
  readonly onImport: (() => void) | null;
}

/** Places by name, and those that fit what is typed. */
function usePlacesFound(fences: readonly FenceReply[] | undefined, search: string) {
  const sorted = useMemo(() => sortPlaces(fences ?? [], messages.locale), [fences]);
  return useMemo(() => {
    const wanted = foldText(search.trim());
    return wanted === '' ? sorted : sorted.filter((fence) => foldedName(fence).includes(wanted));
  }, [sorted, search]);
}

/** The list of places. Only the rows in sight exist, so a hundred thousand cost what thirty do. */
export function PlaceList(props: Props) {
  const { fences, onAdd, onImport } = props;
  const [search, setSearch] = useState('');
  const found = usePlacesFound(fences, search);
  const total = fences?.length ?? 0;
  return (
    <>
      <div className={styles['heading']}>
        <h2>
          {text.title} <span>{countWords(found.length, total)}</span>
        </h2>
        {onImport !== null && (
          <Button size="small" kind="ghost" onPress={onImport}>
            {text.importFile}
          </Button>
        )}
        {onAdd !== null && (
          <Button size="small" kind={total > 0 ? 'primary' : 'plain'} onPress={onAdd}>
            {text.add} <Kbd>N</Kbd>
          </Button>
        )}
      </div>
      {total > 0 && (
        <div className={styles['field']}>
          <SearchField label={text.search} value={search} onChange={setSearch} />
        </div>
      )}
      <Content {...props} found={found} total={total} onShowAll={() => setSearch('')} />
    </>
  );
}

function countWords(found: number, total: number): string {
  const all = messages.counted(total);
  return found === total ? all : `${messages.counted(found)} / ${all}`;
}

interface ContentProps extends Props {
  readonly found: readonly FenceReply[];
  readonly total: number;
  readonly onShowAll: () => void;
}

function Content(props: ContentProps) {
  const { fences, found, total, isFailed, onRetry, onAdd, onShowAll } = props;
  if (found.length > 0) return <Rows {...props} />;
  if (total > 0) {
    return (
      <StateMessage icon={SearchX} title={text.noMatchTitle} text={text.noMatchText}>
        <Button onPress={onShowAll}>{text.showAll}</Button>
      </StateMessage>
    );
  }
  if (fences === undefined && isFailed) {
    return (
      <StateMessage icon={CloudOff} title={text.failedTitle} text={text.failedText}>
        <Button onPress={onRetry}>{messages.forms.tryAgain}</Button>
      </StateMessage>
    );
  }
  if (fences === undefined) return <Skeleton rows={SKELETON_ROWS} label={text.loading} />;
  return (
    <StateMessage
      icon={MapPinPlus}
      title={text.emptyTitle}
      text={onAdd === null ? text.emptyReader : text.emptyText}
    >
      {onAdd !== null && (
        <Button kind="primary" onPress={onAdd}>
          {text.addHint}
        </Button>
      )}
    </StateMessage>
  );
}

const rowId = (fenceId: number): string => `place-row-${fenceId}`;

function Rows({ found, selectedId, onSelect }: ContentProps) {
  const scrollRef = useRef<HTMLDivElement>(null);
  const groups = useGroups().data ?? [];
  const [focused, setFocused] = useState<number | null>(null);
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => found[index]?.id ?? index,
  });
  const inSight = rows.getVirtualItems();
  const isShown = (id: number | null): boolean => inSight.some(({ key }) => key === id);
  // one stop of the Tab key: where one was, else the selection, else the first in sight
  const stop = [focused, selectedId].find(isShown) ?? inSight[0]?.key;

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = found.findIndex(({ id }) => id === stop);
    const next = Math.max(0, Math.min(found.length - 1, at + step));
    const fence = found[next];
    if (fence === undefined) return;
    setFocused(fence.id);
    rows.scrollToIndex(next, { align: 'auto' });
    // the row exists after it was drawn
    browserClock.nextFrame(() => document.getElementById(rowId(fence.id))?.focus());
  }

  return (
    <div ref={scrollRef} className={styles['scroll']}>
      <ul
        className={styles['rows']}
        style={{ blockSize: rows.getTotalSize() }}
        aria-label={text.title}
        onKeyDown={onKeyDown}
      >
        {inSight.map(({ key, index, start }) => {
          const fence = found[index];
          if (fence === undefined) return null;
          return (
            <li
              key={key}
              aria-setsize={found.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <PlaceRow
                fence={fence}
                audience={audienceWords(fence, groups)}
                isSelected={fence.id === selectedId}
                isTabStop={fence.id === stop}
                onSelect={onSelect}
                onFocus={setFocused}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly fence: FenceReply;
  readonly audience: string;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: (fenceId: number) => void;
  readonly onFocus: (fenceId: number) => void;
}

function PlaceRow({ fence, audience, isSelected, isTabStop, onSelect, onFocus }: RowProps) {
  const kind = kindOf(fence.geometry);
  const Icon = KIND_ICONS[kind];
  return (
    <button
      type="button"
      id={rowId(fence.id)}
      className={styles['row']}
      tabIndex={isTabStop ? 0 : -1}
      aria-current={isSelected}
      onClick={() => onSelect(fence.id)}
      onFocus={() => onFocus(fence.id)}
    >
      <Icon size={18} aria-hidden="true" />
      <span className={styles['text']}>
        <bdi className={styles['name']} title={fence.name}>
          {fence.name}
        </bdi>
        <span className={styles['detail']}>
          {text.kinds[kind]} · <bdi>{audience}</bdi>
        </span>
      </span>
    </button>
  );
}
