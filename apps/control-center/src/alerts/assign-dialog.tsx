import type { AlertReply } from '@followme/contracts';
import { CircleUserRound, UserX } from 'lucide-react';
import { useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { Colleague } from '../api/people.ts';
import { useColleagues } from '../hooks/use-lists.ts';
import { foldText } from '../live/live-tracker.ts';
import { messages } from '../messages/messages.ts';
import { useSession } from '../session/session-context.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import popup from '../ui/popup.module.css';
import { AlertTitle } from './alert-words.tsx';
import styles from './assign-dialog.module.css';

/** Somebody an alert can be given to. */
type Person = Pick<Colleague, 'id' | 'name'>;

interface Props {
  /** What is being assigned; null is nothing. */
  readonly alert: AlertReply | null;
  /** Null: to nobody. */
  readonly onAssign: (alert: AlertReply, person: Person | null) => void;
  readonly onDone: () => void;
}

const text = messages.alerts;
const SKELETON_ROWS = 3;
const byName = new Intl.Collator(messages.locale, { numeric: true, sensitivity: 'base' });

/** Asks who takes an alert: oneself first, then the colleagues by name. */
export function AssignDialog({ alert, ...rest }: Props) {
  return alert === null ? null : <Open key={alert.id} alert={alert} {...rest} />;
}

function Open({ alert, onAssign, onDone }: Props & { readonly alert: AlertReply }) {
  const { user } = useSession();
  const colleagues = useColleagues(alert.id);
  function choose(person: Person | null): void {
    onAssign(alert, person);
    onDone();
  }
  const others = (colleagues.data ?? [])
    .filter(({ id }) => id !== user.id)
    .sort((a, b) => byName.compare(a.name, b.name));
  return (
    <Dialog isOpen title={<AlertTitle alert={alert} />} onClose={onDone}>
      <p className={styles['text']}>{text.assignText}</p>
      <div className={styles['first']}>
        <Button autoFocus kind="primary" onPress={() => choose(user)}>
          <CircleUserRound size={16} aria-hidden="true" />
          {text.takeIt}
        </Button>
        {alert.assigned !== null && (
          <Button onPress={() => choose(null)}>
            <UserX size={16} aria-hidden="true" />
            {text.nobody}
          </Button>
        )}
      </div>
      {colleagues.isPending && <Skeleton rows={SKELETON_ROWS} label={text.assignTo} />}
      {colleagues.isError && (
        <p role="alert" className={styles['failed']}>
          {text.colleaguesFailed}
          <Button size="small" onPress={() => void colleagues.refetch()}>
            {messages.forms.tryAgain}
          </Button>
        </p>
      )}
      {colleagues.isSuccess && <People people={others} onChoose={choose} />}
    </Dialog>
  );
}

/** From this many on, people are easier typed than looked for. */
const SEARCH_FROM = 8;

interface PeopleProps {
  readonly people: readonly Person[];
  readonly onChoose: (person: Person) => void;
}

function People({ people, onChoose }: PeopleProps) {
  const [search, setSearch] = useState('');
  const folded = foldText(search.trim());
  const shown = people.filter(({ name }) => foldText(name).includes(folded));
  if (people.length === 0) return <p className={styles['text']}>{text.noColleagues}</p>;
  return (
    <>
      {people.length >= SEARCH_FROM && (
        <SearchField label={text.findColleague} value={search} onChange={setSearch} />
      )}
      <ListBox
        aria-label={text.assignTo}
        items={shown}
        className={styles['people'] ?? ''}
        renderEmptyState={() => messages.ui.nothingFound}
        onAction={(key) => {
          const person = people.find(({ id }) => id === Number(key));
          if (person !== undefined) onChoose(person);
        }}
      >
        {(person) => (
          <ListBoxItem id={person.id} textValue={person.name} className={popup['item'] ?? ''}>
            <Avatar name={person.name} size="small" />
            <bdi className={popup['name']}>{person.name}</bdi>
          </ListBoxItem>
        )}
      </ListBox>
    </>
  );
}
