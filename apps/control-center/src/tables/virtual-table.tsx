import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useRef,
  useState,
} from 'react';
import { browserClock } from '../browser/clock.ts';
import { useMedia } from '../hooks/use-media.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { nextIndex } from './next-index.ts';
import styles from './virtual-table.module.css';

/** One column. */
export interface VirtualColumn<T> {
  readonly id: string;
  readonly header: string;
  /** `isActive`: the row is the stop of the Tab key, so what is inside may be one too. */
  readonly cell: (row: T, isActive: boolean) => ReactNode;
  /** A track of `grid-template-columns`. */
  readonly width: string;
  /** Left out on windows narrower than 720 px. */
  readonly isSecondary?: boolean;
  /** The header is only read aloud. */
  readonly isHeaderHidden?: boolean;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly VirtualColumn<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => number;
  /** Press or Enter on a row. */
  readonly onOpen?: ((row: T) => void) | undefined;
  /** With it every row has a check box. */
  readonly selection?: TableSelection<T> | undefined;
}

/** Which rows are chosen, and how they are called. */
interface TableSelection<T> {
  readonly ids: ReadonlySet<number>;
  readonly onChange: (ids: ReadonlySet<number>) => void;
  /** "Choose Patrol 14" */
  readonly labelOf: (row: T) => string;
  readonly allLabel: string;
}

const ROW_PX = 48;
/** Rows that Page up and Page down pass over. */
const PAGE_ROWS = 10;
const INSIDE = 'a, button, label, input';

/** Up to hundreds of thousands of rows: arrows move, Enter opens, Space chooses. Draws only what is in sight. */
export function VirtualTable<T>(props: Props<T>) {
  const { label, rows, rowId, onOpen, selection } = props;
  const isNarrow = useMedia('(max-width: 719px)');
  const columns = props.columns.filter((column) => !isNarrow || column.isSecondary !== true);
  const scrollRef = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(0);
  const active = Math.min(wanted, Math.max(0, rows.length - 1));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowId(row);
    },
  });
  const tracks = [
    ...(selection === undefined ? [] : ['44px']),
    ...columns.map(({ width }) => width),
  ];

  const trackStyle: CSSProperties & Record<'--tracks', string> = { '--tracks': tracks.join(' ') };

  function moveTo(index: number): void {
    setWanted(index);
    virtual.scrollToIndex(index);
    focusWhenDrawn(scrollRef.current, index);
  }

  return (
    <div
      ref={scrollRef}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={tracks.length}
      {...(selection === undefined ? {} : { 'aria-multiselectable': true })}
      className={styles['frame']}
      style={trackStyle}
    >
      <Head columns={columns} rows={rows} rowId={rowId} selection={selection} />
      <div role="rowgroup" className={styles['body']} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <BodyRow
              key={key}
              row={row}
              index={index}
              startPx={start}
              isActive={index === active}
              columns={columns}
              rowId={rowId}
              selection={selection}
              onOpen={onOpen}
              onMove={moveTo}
              onPoint={setWanted}
              count={rows.length}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps<T> extends Pick<Props<T>, 'columns' | 'rowId' | 'onOpen' | 'selection'> {
  readonly row: T;
  readonly index: number;
  readonly count: number;
  readonly startPx: number;
  /** The stop of the Tab key. */
  readonly isActive: boolean;
  /** A key moves to another row. */
  readonly onMove: (index: number) => void;
  /** The pointer made this the stop of the Tab key. */
  readonly onPoint: (index: number) => void;
}

function BodyRow<T>(props: RowProps<T>) {
  const { row, index, isActive, columns, rowId, selection, onOpen } = props;
  const isChosen = selection?.ids.has(rowId(row)) === true;

  function toggle(): void {
    if (selection === undefined) return;
    const next = new Set(selection.ids);
    if (!next.delete(rowId(row))) next.add(rowId(row));
    selection.onChange(next);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // keys of a button inside are its own
    if (event.target !== event.currentTarget) return;
    const next = nextIndex(event.key, index, { count: props.count, page: PAGE_ROWS });
    if (next !== null) props.onMove(next);
    else if (event.key === 'Enter') onOpen?.(row);
    else if (event.key === ' ' && selection !== undefined) toggle();
    else return;
    event.preventDefault();
  }

  function onClick(event: MouseEvent): void {
    props.onPoint(index);
    if (event.target instanceof Element && event.target.closest(INSIDE) !== null) return;
    onOpen?.(row);
  }

  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      {...(selection === undefined ? {} : { 'aria-selected': isChosen })}
      data-index={index}
      data-opens={onOpen !== undefined}
      tabIndex={isActive ? 0 : -1}
      className={styles['row']}
      style={{ transform: `translateY(${props.startPx}px)` }}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {selection !== undefined && (
        <span role="gridcell" className={styles['check']}>
          <Checkbox
            aria-label={selection.labelOf(row)}
            isSelected={isChosen}
            onChange={toggle}
            excludeFromTabOrder
          />
        </span>
      )}
      {columns.map((column, i) => (
        <span key={column.id} role={i === 0 ? 'rowheader' : 'gridcell'} className={styles['cell']}>
          {column.cell(row, isActive)}
        </span>
      ))}
    </div>
  );
}

type HeadProps<T> = Pick<Props<T>, 'columns' | 'rows' | 'rowId' | 'selection'>;

function Head<T>({ columns, rows, rowId, selection }: HeadProps<T>) {
  const chosen =
    selection === undefined || selection.ids.size === 0
      ? 0
      : rows.reduce((count, row) => (selection.ids.has(rowId(row)) ? count + 1 : count), 0);
  const isAll = rows.length > 0 && chosen === rows.length;
  return (
    <div role="row" aria-rowindex={1} className={styles['head']}>
      {selection !== undefined && (
        <span role="columnheader" className={styles['check']}>
          <Checkbox
            aria-label={selection.allLabel}
            isSelected={isAll}
            isIndeterminate={chosen > 0 && !isAll}
            onChange={() => selection.onChange(isAll ? new Set() : new Set(rows.map(rowId)))}
          />
        </span>
      )}
      {columns.map((column) => (
        <span
          key={column.id}
          role="columnheader"
          className={styles['cell']}
          {...(column.isHeaderHidden === true ? { 'aria-label': column.header } : {})}
        >
          {column.isHeaderHidden === true ? null : column.header}
        </span>
      ))}
    </div>
  );
}

/** Focuses a row that the list draws only after it has scrolled there: at once, or in the next frames. */
function focusWhenDrawn(frame: HTMLElement | null, index: number, framesLeft = 10): void {
  const row = frame?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  if (row != null) row.focus({ preventScroll: true });
  else if (framesLeft > 0) {
    browserClock.nextFrame(() => focusWhenDrawn(frame, index, framesLeft - 1));
  }
}
