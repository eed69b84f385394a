import type { GroupReply } from '@followme/contracts';
import { MoreHorizontal, Pencil, Plus, SearchX, Trash2, UsersRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ListState } from '../../forms/list-state.tsx';
import { useGroups } from '../../hooks/use-lists.ts';
import { foldText } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { sortByName } from '../../tables/sort-by-name.ts';
import { type VirtualColumn, VirtualTable } from '../../tables/virtual-table.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { RemoveGroupDialog } from './remove-group-dialog.tsx';
import styles from './groups.module.css';

const text = messages.groups;

/** What is open over the page. */
type Open =
  | { readonly kind: 'edit'; readonly group: GroupReply | null }
  | { readonly kind: 'remove'; readonly group: GroupReply }
  | null;

/** Groups: who follows what. */
export function GroupsPage() {
  const mayManage = useCan('manage');
  const groups = useGroups();
  const [open, setOpen] = useState<Open>(null);
  const all = groups.data ?? [];
  const add = (
    <Button kind="primary" onPress={() => setOpen({ kind: 'edit', group: null })}>
      <Plus size={16} aria-hidden="true" />
      {text.add}
    </Button>
  );
  return (
    <Page
      title={text.title}
      description={text.intro}
      {...(mayManage && all.length > 0 ? { actions: add } : {})}
    >
      <ListState of={[groups]} label={text.loading}>
        {() =>
          all.length === 0 ? (
            <StateMessage icon={UsersRound} title={text.emptyTitle} text={text.emptyText}>
              {mayManage && add}
            </StateMessage>
          ) : (
            <Found groups={all} onOpen={mayManage ? setOpen : null} />
          )
        }
      </ListState>
      {open?.kind === 'edit' && <GroupDialog group={open.group} onClose={() => setOpen(null)} />}
      {open?.kind === 'remove' && (
        <RemoveGroupDialog group={open.group} onClose={() => setOpen(null)} />
      )}
    </Page>
  );
}

interface FoundProps {
  readonly groups: readonly GroupReply[];
  /** Null: nothing can be changed by this person. */
  readonly onOpen: ((open: Open) => void) | null;
}

function Found({ groups, onOpen }: FoundProps) {
  const [search, setSearch] = useState('');
  const rows = useMemo(() => {
    const wanted = foldText(search.trim());
    const found = groups.filter(({ name }) => foldText(name).includes(wanted));
    return sortByName(found, messages.locale);
  }, [groups, search]);
  const columns = useMemo(() => columnsOf(onOpen), [onOpen]);
  return (
    <div className={styles['found']}>
      <SearchField
        label={text.search}
        value={search}
        onChange={setSearch}
        className={styles['search']}
      />
      {rows.length === 0 ? (
        <StateMessage icon={SearchX} title={text.noneMatchTitle} text={text.noneMatchText}>
          <Button onPress={() => setSearch('')}>{messages.forms.showAll}</Button>
        </StateMessage>
      ) : (
        <VirtualTable
          label={text.title}
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          onOpen={onOpen === null ? undefined : (group) => onOpen({ kind: 'edit', group })}
        />
      )}
      {onOpen === null && <p className={styles['note']}>{messages.forms.readOnlyHint}</p>}
    </div>
  );
}

function columnsOf(onOpen: FoundProps['onOpen']): readonly VirtualColumn<GroupReply>[] {
  const columns: VirtualColumn<GroupReply>[] = [
    {
      id: 'name',
      header: text.name,
      width: 'minmax(8rem, 3fr)',
      cell: ({ name }) => (
        <bdi className={styles['name']} title={name}>
          {name}
        </bdi>
      ),
    },
    {
      id: 'trackers',
      header: text.trackers,
      width: 'minmax(6.5rem, 1fr)',
      cell: ({ trackerIds }) => text.trackerCount(trackerIds.length),
    },
  ];
  if (onOpen === null) return columns;
  return [
    ...columns,
    {
      id: 'people',
      header: text.people,
      width: 'minmax(6.5rem, 1fr)',
      isSecondary: true,
      cell: ({ userIds }) => text.peopleCount(userIds.length),
    },
    {
      id: 'actions',
      header: messages.forms.more,
      isHeaderHidden: true,
      width: '4rem',
      cell: (group, isActive) => <Actions group={group} isActive={isActive} onOpen={onOpen} />,
    },
  ];
}

interface ActionsProps {
  readonly group: GroupReply;
  readonly isActive: boolean;
  readonly onOpen: (open: Open) => void;
}

function Actions({ group, isActive, onOpen }: ActionsProps) {
  const label = `${messages.forms.more}, ${group.name}`;
  return (
    <MenuButton
      label={label}
      placement="bottom end"
      trigger={
        <IconButton label={label} excludeFromTabOrder={!isActive}>
          <MoreHorizontal size={18} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem
        icon={<Pencil size={16} aria-hidden="true" />}
        onAction={() => onOpen({ kind: 'edit', group })}
      >
        {messages.forms.edit}
      </MenuItem>
      <MenuItem
        icon={<Trash2 size={16} aria-hidden="true" />}
        isDestructive
        onAction={() => onOpen({ kind: 'remove', group })}
      >
        {messages.forms.remove}
      </MenuItem>
    </MenuButton>
  );
}
