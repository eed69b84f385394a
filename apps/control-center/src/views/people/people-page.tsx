import type { UserReply } from '@followme/contracts';
import { KeyRound, MoreHorizontal, Pencil, Plus, SearchX, UserCheck, UserX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ListState } from '../../forms/list-state.tsx';
import { NoAccess } from '../../forms/no-access.tsx';
import { usePeople } from '../../hooks/use-lists.ts';
import { foldText } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { useCan, useSession } from '../../session/session-context.ts';
import { sortByName } from '../../tables/sort-by-name.ts';
import { type VirtualColumn, VirtualTable } from '../../tables/virtual-table.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { isLastAdministrator } from './person-form.ts';
import { type PersonOpen, PersonDialogs } from './person-dialogs.tsx';
import { useAllowLogIn } from './use-allow-log-in.ts';
import styles from './people.module.css';

const text = messages.people;

/** People, for administrators. */
export function PeoplePage() {
  return useCan('manage') ? <Everybody /> : <NoAccess title={text.title} />;
}

function Everybody() {
  const people = usePeople();
  const [open, setOpen] = useState<PersonOpen | null>(null);
  const all = people.data ?? [];
  const add = (
    <Button kind="primary" onPress={() => setOpen({ kind: 'add' })}>
      <Plus size={16} aria-hidden="true" />
      {text.add}
    </Button>
  );
  return (
    <Page title={text.title} description={text.intro} actions={add}>
      <ListState of={[people]} label={text.loading}>
        {() => (
          <>
            <Found people={all} onOpen={setOpen} />
            {all.length === 1 && (
              <p className={styles['note']}>
                {text.onlyYouTitle}. {text.onlyYouText}
              </p>
            )}
          </>
        )}
      </ListState>
      <PersonDialogs open={open} people={all} onOpen={setOpen} />
    </Page>
  );
}

interface FoundProps {
  readonly people: readonly UserReply[];
  readonly onOpen: (open: PersonOpen) => void;
}

function Found({ people, onOpen }: FoundProps) {
  const { user } = useSession();
  const allow = useAllowLogIn();
  const [search, setSearch] = useState('');
  const rows = useMemo(() => {
    const wanted = foldText(search.trim());
    const found = people.filter(({ name, email }) =>
      foldText(`${name}\n${email}`).includes(wanted),
    );
    return sortByName(found, messages.locale);
  }, [people, search]);
  const columns = columnsOf({
    ownId: user.id,
    actions: (person, isActive) => (
      <Actions
        person={person}
        isOwn={person.id === user.id}
        isLast={isLastAdministrator(people, person.id)}
        isActive={isActive}
        onOpen={onOpen}
        onAllow={() => void allow(person)}
      />
    ),
  });
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
          onOpen={(person) => onOpen({ kind: 'edit', person })}
        />
      )}
    </div>
  );
}

interface ColumnsOf {
  readonly ownId: number;
  readonly actions: VirtualColumn<UserReply>['cell'];
}

function columnsOf({ ownId, actions }: ColumnsOf): readonly VirtualColumn<UserReply>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      width: 'minmax(10rem, 3fr)',
      cell: (person) => <Who person={person} isOwn={person.id === ownId} />,
    },
    {
      id: 'role',
      header: text.columns.role,
      width: 'minmax(7rem, 1fr)',
      isSecondary: true,
      cell: ({ role }) => text.roles[role],
    },
    {
      id: 'sees',
      header: text.columns.sees,
      width: 'minmax(8rem, 1fr)',
      isSecondary: true,
      cell: seesWords,
    },
    {
      id: 'actions',
      header: text.columns.actions,
      isHeaderHidden: true,
      width: '4rem',
      cell: actions,
    },
  ];
}

function seesWords({ seesAll, groupIds }: UserReply): string {
  if (seesAll) return text.seesAll;
  return groupIds.length === 0 ? text.seesNothing : text.seesGroups(groupIds.length);
}

interface WhoProps {
  readonly person: UserReply;
  readonly isOwn: boolean;
}

function Who({ person, isOwn }: WhoProps) {
  const { name, email, disabled } = person;
  return (
    <span className={styles['who']} data-disabled={disabled}>
      <Avatar name={name} size="small" />
      <span className={styles['names']}>
        <span className={styles['line']}>
          <bdi className={styles['name']} title={name}>
            {name}
          </bdi>
          {isOwn && <Badge kind="accent">{text.you}</Badge>}
          {disabled && <Badge>{text.disabled}</Badge>}
        </span>
        <bdi className={styles['email']} title={email}>
          {email}
        </bdi>
      </span>
    </span>
  );
}

interface ActionsProps {
  readonly person: UserReply;
  readonly isOwn: boolean;
  readonly isLast: boolean;
  readonly isActive: boolean;
  readonly onOpen: (open: PersonOpen) => void;
  readonly onAllow: () => void;
}

function Actions({ person, isOwn, isLast, isActive, onOpen, onAllow }: ActionsProps) {
  const label = text.actionsOf(person.name);
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
        onAction={() => onOpen({ kind: 'edit', person })}
      >
        {text.edit}
      </MenuItem>
      <MenuItem
        icon={<KeyRound size={16} aria-hidden="true" />}
        onAction={() => onOpen(isOwn ? { kind: 'ownPassword' } : { kind: 'renew', person })}
      >
        {isOwn ? text.ownPassword : text.renew}
      </MenuItem>
      <MenuSeparator />
      {person.disabled ? (
        <MenuItem icon={<UserCheck size={16} aria-hidden="true" />} onAction={onAllow}>
          {text.enable}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<UserX size={16} aria-hidden="true" />}
          isDestructive
          isDisabled={isOwn || isLast}
          {...(isOwn ? { detail: text.notYourself } : {})}
          onAction={() => onOpen({ kind: 'disable', person })}
        >
          {text.disable}
        </MenuItem>
      )}
    </MenuButton>
  );
}
