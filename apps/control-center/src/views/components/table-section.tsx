import { RadioTower } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { DataTable, type TableColumn, type TableSort } from '../../ui/data-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { type VirtualColumn, VirtualTable } from '../../tables/virtual-table.tsx';
import { ARABIC_NAME, EMOJI_NAME, LONG_NAME } from './samples.ts';
import { Specimen, SpecimenSection } from './specimen.tsx';

interface Tracker {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly speedKmh: number;
}

const TRACKERS: readonly Tracker[] = [
  { id: '1', name: 'Patrol 14', state: 'Moving', speedKmh: 42 },
  { id: '2', name: LONG_NAME, state: 'Idle', speedKmh: 0 },
  { id: '3', name: ARABIC_NAME, state: 'Silent for 22 min', speedKmh: 0 },
  { id: '4', name: EMOJI_NAME, state: 'Moving', speedKmh: 118 },
];

const COLUMNS: readonly TableColumn<Tracker>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => <bdi>{name}</bdi>, isSortable: true },
  { id: 'state', header: 'State', cell: ({ state }) => state, isSecondary: true },
  {
    id: 'speed',
    header: 'Speed',
    cell: ({ speedKmh }) => `${speedKmh} km/h`,
    isNumber: true,
    isSortable: true,
  },
];

const MANY = Array.from({ length: 100_000 }, (_, i) => ({ id: i + 1, name: `Tracker ${i + 1}` }));
const MANY_COLUMNS: readonly VirtualColumn<(typeof MANY)[number]>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => <bdi>{name}</bdi>, width: '1fr' },
  { id: 'id', header: 'Number', cell: ({ id }) => id, width: '6rem' },
];

function sorted({ column, direction }: TableSort): readonly Tracker[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return TRACKERS.toSorted(
    (a, b) =>
      sign * (column === 'speed' ? a.speedKmh - b.speedKmh : a.name.localeCompare(b.name, 'en')),
  );
}

/** Rows that one opens, sorts and chooses. */
export function TableSection() {
  const [sort, setSort] = useState<TableSort>({ column: 'name', direction: 'ascending' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['4']));
  const common = {
    columns: COLUMNS,
    rowId: ({ id }: Tracker) => id,
    rowText: ({ name }: Tracker) => name,
  };
  const nothing = (
    <StateMessage icon={RadioTower} title="No trackers yet" text="Add the first one by its name.">
      <Button kind="primary">Add a tracker</Button>
    </StateMessage>
  );
  return (
    <SpecimenSection id="table" title="Table">
      <Specimen title="Sorted, chosen, opening" isWide>
        <DataTable
          {...common}
          label="Trackers"
          rows={sorted(sort)}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ name }) => showToast({ kind: 'info', title: name })}
          empty={nothing}
        />
      </Specimen>
      <Specimen title="Empty">
        <DataTable {...common} label="Trackers, none" rows={[]} empty={nothing} />
      </Specimen>
      <Specimen title="Loading">
        <DataTable
          {...common}
          label="Trackers on their way"
          rows={[]}
          empty={<Skeleton rows={4} label="Trackers" />}
        />
      </Specimen>
      <ManyRows />
    </SpecimenSection>
  );
}

function ManyRows() {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set([2]));
  return (
    <Specimen title="100,000 rows" note="Draws only what is in sight." isWide>
      <VirtualTable
        label="Many trackers"
        columns={MANY_COLUMNS}
        rows={MANY}
        rowId={({ id }) => id}
        onOpen={({ name }) => showToast({ kind: 'info', title: name })}
        selection={{
          ids,
          onChange: setIds,
          labelOf: ({ name }) => `Choose ${name}`,
          allLabel: 'Choose all',
        }}
      />
    </Specimen>
  );
}
