import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject } from 'react';
import type { TrackerFilter } from '../../live/tracker-filter.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { nextIndex } from '../../tables/next-index.ts';
import { rowId, type Roving } from './use-roving.ts';
import styles from './filter-field.module.css';

/** The rows that the filter narrows; both the list and the table have this id. */
export const ROWS_ID = 'tracker-rows';
const PAGE_ROWS = 10;
const text = messages.trackers;

export interface FilterFieldProps {
  readonly ids: Int32Array;
  readonly filter: TrackerFilter;
  readonly onFilter: (filter: TrackerFilter) => void;
  readonly onSelect: (trackerId: number) => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly roving: Roving;
}

/** Narrows by name. Arrow keys move through the hits, Enter opens one, Escape clears and then leaves. */
export function FilterField(props: FilterFieldProps) {
  const { ids, filter, onFilter, onSelect, searchRef, roving } = props;
  const activeId = roving.isMarked ? ids[roving.index] : undefined;

  function search(words: string): void {
    roving.moveTo(null);
    onFilter({ ...filter, search: words });
  }

  function move(event: KeyboardEvent): void {
    // Home and End move in the text
    if (event.key === 'Home' || event.key === 'End') return;
    const from =
      activeId === undefined && event.key === 'ArrowDown' ? roving.index - 1 : roving.index;
    const next = nextIndex(event.key, from, { count: ids.length, page: PAGE_ROWS });
    if (next === null) return;
    event.preventDefault();
    roving.moveTo(ids[next] ?? null);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && activeId !== undefined) onSelect(activeId);
    else if (event.key === 'Escape') {
      // the selection stays: this Escape belongs to the filter
      event.stopPropagation();
      event.preventDefault();
      if (filter.search === '') event.currentTarget.blur();
      else search('');
    } else move(event);
  }

  return (
    <div className={styles['search']}>
      <Search size={16} aria-hidden="true" />
      <input
        ref={searchRef}
        type="search"
        value={filter.search}
        placeholder={text.search}
        aria-label={text.search}
        aria-controls={ROWS_ID}
        aria-activedescendant={activeId === undefined ? undefined : rowId(activeId)}
        onChange={(event) => search(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {filter.search === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <IconButton className={styles['clear']} label={text.clearSearch} onClick={() => search('')}>
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}
