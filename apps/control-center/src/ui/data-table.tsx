import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Cell,
  Column,
  type Key,
  Row,
  type Selection,
  Table,
  TableBody,
  TableHeader,
} from 'react-aria-components';
import { useMedia } from '../hooks/use-media.ts';
import { messages } from '../messages/messages.ts';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';

/** One column. */
export interface TableColumn<T> {
  readonly id: string;
  readonly header: string;
  /** What stands in the cell. Names belong in `<bdi>`. */
  readonly cell: (row: T) => ReactNode;
  /** Its header sorts. */
  readonly isSortable?: boolean;
  /** Numbers: at the end of the cell, tabular. */
  readonly isNumber?: boolean;
  /** Names the row to screen readers; the first column when none says so. */
  readonly isRowHeader?: boolean;
  /** Left out on windows narrower than 640 px. */
  readonly isSecondary?: boolean;
  /** A fixed width as a css length; else the content decides. */
  readonly width?: string;
}

/** What the rows are ordered by. */
export interface TableSort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

interface Props<T> {
  /** What the rows are, read aloud. */
  readonly label: string;
  readonly columns: readonly TableColumn<T>[];
  /** In the order they are shown: whoever holds the rows sorts them. */
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** The words of a row for type-ahead and for its check box. */
  readonly rowText: (row: T) => string;
  /** Press or Enter on a row. */
  readonly onOpen?: (row: T) => void;
  readonly sort?: TableSort;
  readonly onSort?: (sort: TableSort) => void;
  /** Ids of the chosen rows; with `onSelect` every row has a check box. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  /** In place of rows: a `StateMessage` or a `Skeleton`. */
  readonly empty: ReactNode;
  readonly className?: string | undefined;
}

/**
 * Up to a few hundred rows of things: arrows move, Enter opens, Space chooses, letters jump. Secondary columns
 * leave on phones. More rows than that are a `VirtualTable`, which draws only what is in sight.
 */
export function DataTable<T>(props: Props<T>) {
  const { label, rows, rowId, rowText, onOpen, sort, onSort, onSelect, className } = props;
  const isNarrow = useMedia('(max-width: 639px)');
  const columns = props.columns.filter((column) => !isNarrow || column.isSecondary !== true);
  const rowHeader = columns.find((column) => column.isRowHeader === true) ?? columns[0];
  const byId = new Map(rows.map((row) => [rowId(row), row]));

  function open(key: Key): void {
    const row = byId.get(String(key));
    if (row !== undefined) onOpen?.(row);
  }

  return (
    <div className={classNames(styles['frame'], className)}>
      <Table
        aria-label={label}
        className={styles['table'] ?? ''}
        selectionMode={onSelect === undefined ? 'none' : 'multiple'}
        selectedKeys={props.selected ?? []}
        onSelectionChange={(chosen: Selection) =>
          onSelect?.(chosen === 'all' ? new Set(byId.keys()) : new Set([...chosen].map(String)))
        }
        onSortChange={({ column, direction }) => onSort?.({ column: String(column), direction })}
        {...(sort === undefined ? {} : { sortDescriptor: sort })}
        {...(onOpen === undefined ? {} : { onRowAction: open })}
      >
        <TableHeader>
          {onSelect !== undefined && (
            <Column className={styles['check'] ?? ''} aria-label={messages.ui.selectAll}>
              <Checkbox slot="selection" aria-label={messages.ui.selectAll} />
            </Column>
          )}
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} isRowHeader={column === rowHeader} />
          ))}
        </TableHeader>
        <TableBody renderEmptyState={() => props.empty}>
          {rows.map((row) => (
            <Row
              key={rowId(row)}
              id={rowId(row)}
              textValue={rowText(row)}
              className={classNames(styles['row'], onOpen !== undefined && styles['opens'])}
            >
              {onSelect !== undefined && (
                <Cell className={styles['check'] ?? ''}>
                  <Checkbox slot="selection" aria-label={messages.ui.selectRow} />
                </Cell>
              )}
              {columns.map((column) => (
                <Cell key={column.id} className={cellClass(column)}>
                  {column.cell(row)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function cellClass<T>(column: TableColumn<T>): string {
  return classNames(styles['cell'], column.isNumber === true && styles['number']);
}

interface HeaderProps<T> {
  readonly column: TableColumn<T>;
  readonly isRowHeader: boolean;
}

function HeaderCell<T>({ column, isRowHeader }: HeaderProps<T>) {
  return (
    <Column
      id={column.id}
      isRowHeader={isRowHeader}
      allowsSorting={column.isSortable === true}
      className={classNames(styles['header'], column.isNumber === true && styles['number'])}
      {...(column.width === undefined ? {} : { style: { inlineSize: column.width } })}
    >
      {({ sortDirection }) => (
        <span className={styles['headerWords']}>
          {column.header}
          {sortDirection === 'ascending' && <ArrowUp size={14} aria-hidden="true" />}
          {sortDirection === 'descending' && <ArrowDown size={14} aria-hidden="true" />}
        </span>
      )}
    </Column>
  );
}
