import { Check, ChevronDown } from 'lucide-react';
import { useGroups } from '../../hooks/use-lists.ts';
import type { TrackerFilter } from '../../live/tracker-filter.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import styles from './tracker-list.module.css';

interface Props {
  readonly filter: TrackerFilter;
  readonly onFilter: (filter: TrackerFilter) => void;
}

const text = messages.trackers;

/** Narrows to one group. Where there are no groups there is nothing to choose. */
export function GroupMenu({ filter, onFilter }: Props) {
  const groups = useGroups().data ?? [];
  if (groups.length === 0) return null;
  const chosen = groups.find(({ id }) => id === filter.groupId);
  const mark = (isChosen: boolean) =>
    isChosen ? <Check size={16} aria-hidden="true" /> : <span className={styles['chosen']} />;
  return (
    <MenuButton
      label={text.groupMenu}
      placement="bottom end"
      trigger={
        <Button kind="ghost" size="small" className={styles['groups']}>
          <bdi className={styles['groupName']}>{chosen?.name ?? text.allGroups}</bdi>
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      }
    >
      <MenuItem
        icon={mark(filter.groupId === null)}
        onAction={() => onFilter({ ...filter, groupId: null })}
      >
        {text.allGroups}
      </MenuItem>
      <MenuSeparator />
      {groups.map(({ id, name }) => (
        <MenuItem
          key={id}
          icon={mark(filter.groupId === id)}
          onAction={() => onFilter({ ...filter, groupId: id })}
        >
          {name}
        </MenuItem>
      ))}
    </MenuButton>
  );
}
