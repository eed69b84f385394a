import type { GroupReply, TrackerReply } from '@followme/contracts';
import { Plus, RadioTower, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { ListState } from '../../forms/list-state.tsx';
import { useDeviceAddresses, useGroups, useTrackers } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { navigate } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { findTrackers, type GroupChoice, indexTrackers } from './tracker-index.ts';
import { TrackerTable } from './tracker-table.tsx';
import styles from './trackers.module.css';

const text = messages.trackerPages;

function toChoice(id: string): GroupChoice {
  return id === 'all' || id === 'none' ? id : Number(id);
}

/** Every tracker as a table: find them, choose them, open one. */
export function TrackerList() {
  const mayManage = useCan('manage');
  const trackers = useTrackers();
  const groups = useGroups();
  const hasTrackers = (trackers.data?.length ?? 0) > 0;
  const add = (
    <Button kind="primary" onPress={() => navigate('/trackers/new')}>
      <Plus size={16} aria-hidden="true" />
      {text.add}
    </Button>
  );
  return (
    <Page
      title={text.title}
      description={text.intro}
      width="wide"
      {...(mayManage && hasTrackers ? { actions: add } : {})}
    >
      <ListState of={[trackers, groups]} label={text.loading}>
        {() =>
          hasTrackers ? (
            <Found trackers={trackers.data ?? []} groups={groups.data ?? []} />
          ) : (
            <StateMessage
              icon={RadioTower}
              title={text.emptyTitle}
              text={mayManage ? text.emptyText : text.emptyOperator}
            >
              {mayManage && add}
            </StateMessage>
          )
        }
      </ListState>
    </Page>
  );
}

interface FoundProps {
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
}

function Found({ trackers, groups }: FoundProps) {
  const mayManage = useCan('manage');
  const addresses = useDeviceAddresses();
  const [search, setSearch] = useState('');
  const [group, setGroup] = useState<GroupChoice>('all');
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const wanted = useDeferredValue(search);
  const index = useMemo(() => indexTrackers(trackers, messages.locale), [trackers]);
  const rows = useMemo(() => findTrackers(index, wanted, group), [index, wanted, group]);
  const picked = useMemo(() => trackers.filter(({ id }) => chosen.has(id)), [trackers, chosen]);
  const isNarrowed = search.trim() !== '' || group !== 'all';

  return (
    <div className={styles['found']}>
      <div className={styles['filters']}>
        <SearchField
          label={text.search}
          value={search}
          onChange={setSearch}
          className={styles['search']}
        />
        <Select
          label={text.group}
          className={styles['group']}
          items={[
            { id: 'all', label: text.allGroups },
            { id: 'none', label: text.noGroup },
            ...groups.map(({ id, name }) => ({ id: String(id), label: name })),
          ]}
          value={String(group)}
          onChange={(id) => setGroup(toChoice(id))}
        />
        <span className={styles['count']} role="status">
          {text.shown(rows.length, trackers.length)}
        </span>
      </div>
      {picked.length > 0 && (
        <BulkBar trackers={picked} groups={groups} onDone={() => setChosen(new Set())} />
      )}
      {rows.length === 0 ? (
        <StateMessage icon={SearchX} title={text.noneMatchTitle} text={text.noneMatchText}>
          {isNarrowed && (
            <Button
              onPress={() => {
                setSearch('');
                setGroup('all');
              }}
            >
              {messages.forms.showAll}
            </Button>
          )}
        </StateMessage>
      ) : (
        <TrackerTable
          trackers={rows}
          groups={groups}
          protocols={addresses.data?.protocols ?? []}
          chosen={chosen}
          onChoose={mayManage ? setChosen : null}
        />
      )}
    </div>
  );
}
