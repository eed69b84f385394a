import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState } from 'react';
import { foldText } from '../live/live-tracker.ts';
import { messages } from '../messages/messages.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { SearchField } from '../ui/search-field.tsx';
import styles from './pick-many.module.css';

/** One thing that can be chosen. */
export interface Pickable {
  readonly id: number;
  readonly label: string;
  /** A second, quieter text. */
  readonly detail?: string | undefined;
}

interface Props {
  readonly label: string;
  readonly description?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** What the search field says while empty. */
  readonly searchLabel: string;
  readonly items: readonly Pickable[];
  readonly value: ReadonlySet<number>;
  readonly onChange: (value: ReadonlySet<number>) => void;
  /** "12 trackers" */
  readonly countOf: (count: number) => string;
}

const ROW_PX = 44;
/** As many need neither a filter nor a search. */
const SEEN_AT_A_GLANCE = 5;

/** In the order of their names, with the text each is found by. */
function foldSorted(items: readonly Pickable[]) {
  const { compare } = new Intl.Collator(messages.locale, { numeric: true, sensitivity: 'base' });
  return items
    .map((item) => ({ item, text: foldText(`${item.label}\n${item.detail ?? ''}`) }))
    .sort((a, b) => compare(a.item.label, b.item.label));
}

/**
 * Several of very many: a list with check boxes that only draws what is in sight, narrowed by typing. For a
 * few dozen things `MultiSelect` is shorter.
 */
export function PickMany(props: Props) {
  const { label, description, errorMessage, searchLabel, items, value, onChange, countOf } = props;
  const [search, setSearch] = useState('');
  const [onlyChosen, setOnlyChosen] = useState(false);
  const labelId = useId();
  const noteId = useId();
  const folded = useMemo(() => foldSorted(items), [items]);
  const shown = useMemo(() => {
    const wanted = foldText(search.trim());
    return folded
      .filter(({ item, text }) => text.includes(wanted) && (!onlyChosen || value.has(item.id)))
      .map(({ item }) => item);
  }, [folded, search, onlyChosen, value]);

  function toggle(id: number): void {
    const next = new Set(value);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  }

  return (
    <div
      role="group"
      aria-labelledby={labelId}
      aria-describedby={noteId}
      className={styles['pick']}
      data-wrong={errorMessage !== undefined}
    >
      <div className={styles['head']}>
        <span id={labelId} className={styles['label']}>
          {label}
        </span>
        <span className={styles['count']} aria-live="polite">
          {countOf(value.size)}
        </span>
      </div>
      <SearchField label={searchLabel} value={search} onChange={setSearch} />
      <Rows items={shown} value={value} onToggle={toggle} />
      <div className={styles['foot']}>
        <span id={noteId} className={errorMessage === undefined ? styles['note'] : styles['error']}>
          {errorMessage ?? description}
        </span>
        {(onlyChosen || value.size > 0) && items.length > SEEN_AT_A_GLANCE && (
          <Checkbox isSelected={onlyChosen} onChange={setOnlyChosen}>
            {messages.forms.onlyChosen}
          </Checkbox>
        )}
      </div>
    </div>
  );
}

interface RowsProps {
  readonly items: readonly Pickable[];
  readonly value: ReadonlySet<number>;
  readonly onToggle: (id: number) => void;
}

function Rows({ items, value, onToggle }: RowsProps) {
  const scrollRef = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  if (items.length === 0) return <p className={styles['none']}>{messages.ui.nothingFound}</p>;
  return (
    <div ref={scrollRef} className={styles['scroll']}>
      <ul className={styles['rows']} style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <li
              key={key}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className={styles['row']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Checkbox
                isSelected={value.has(item.id)}
                onChange={() => onToggle(item.id)}
                className={styles['box']}
              >
                <bdi className={styles['name']} title={item.label}>
                  {item.label}
                </bdi>
                {item.detail !== undefined && (
                  <span className={styles['detail']}>{item.detail}</span>
                )}
              </Checkbox>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
