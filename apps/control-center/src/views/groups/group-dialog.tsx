import type { GroupReply, UserReply } from '@followme/contracts';
import { type FormEvent, useId, useState } from 'react';
import { MAX_IDS_PER_REQUEST } from '../../api/groups.ts';
import { nameError, nameFault } from '../../forms/check-name.ts';
import { ListState } from '../../forms/list-state.tsx';
import { PickMany, type Pickable } from '../../forms/pick-many.tsx';
import { useFirstError } from '../../forms/use-first-error.ts';
import { usePeople, useTrackers } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { groupChange } from './group-change.ts';
import { useSaveGroup } from './use-save-group.ts';
import form from '../../forms/form.module.css';

const text = messages.groups;

interface Props {
  /** Null makes a new one. */
  readonly group: GroupReply | null;
  readonly onClose: () => void;
}

/** Name, trackers and people of a group. */
export function GroupDialog({ group, onClose }: Props) {
  const [name, setName] = useState(group?.name ?? '');
  const [trackerIds, setTrackerIds] = useState<ReadonlySet<number>>(new Set(group?.trackerIds));
  const [userIds, setUserIds] = useState<ReadonlySet<number>>(new Set(group?.userIds));
  const [isTold, setIsTold] = useState(false);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const formId = useId();
  const change = groupChange(group, { name, trackerIds, userIds });
  const { isTaken, setIsTaken, failure, isSaving, save } = useSaveGroup({
    group,
    onSaved: onClose,
    onRefused: showFirstError,
  });
  const isTooMany = (change.trackerIds?.length ?? 0) > MAX_IDS_PER_REQUEST;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (nameFault(name) === null && !isTooMany) return void save(name, change);
    setIsTold(true);
    showFirstError();
  }

  const footer = (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" type="submit" form={formId} isPending={isSaving}>
        {group === null ? text.add : messages.forms.save}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      size="large"
      title={group === null ? text.addShort : text.editTitle(group.name)}
      onClose={onClose}
      footer={footer}
      isDismissable={false}
    >
      <form id={formId} ref={formRef} noValidate className={form['form']} onSubmit={submit}>
        <TextField
          label={text.name}
          value={name}
          onChange={(next) => {
            setName(next);
            setIsTaken(false);
          }}
          isRequired
          autoFocus
          errorMessage={
            isTaken
              ? text.nameTaken
              : isTold
                ? nameError(name, messages.forms.nameError)
                : undefined
          }
        />
        <Members
          trackerIds={trackerIds}
          onTrackers={setTrackerIds}
          userIds={userIds}
          onUsers={setUserIds}
          isTooMany={isTold && isTooMany}
        />
        {failure !== null && <Banner kind="critical">{failure}</Banner>}
      </form>
    </Dialog>
  );
}

interface MembersProps {
  readonly trackerIds: ReadonlySet<number>;
  readonly onTrackers: (ids: ReadonlySet<number>) => void;
  readonly userIds: ReadonlySet<number>;
  readonly onUsers: (ids: ReadonlySet<number>) => void;
  readonly isTooMany: boolean;
}

function toPickable(person: UserReply): Pickable {
  const { id, name, email, seesAll } = person;
  return { id, label: name, detail: seesAll ? `${email}, ${text.allRoles}` : email };
}

function Members({ trackerIds, onTrackers, userIds, onUsers, isTooMany }: MembersProps) {
  const trackers = useTrackers();
  const people = usePeople();
  return (
    <ListState of={[trackers, people]} label={text.loading}>
      {() => (
        <>
          <PickMany
            label={text.trackersField}
            description={text.trackersHint}
            errorMessage={
              isTooMany ? text.tooManyTrackers(messages.counted(MAX_IDS_PER_REQUEST)) : undefined
            }
            searchLabel={text.addTracker}
            items={(trackers.data ?? []).map(({ id, name, device }) => ({
              id,
              label: name,
              detail: device?.identifier,
            }))}
            value={trackerIds}
            onChange={onTrackers}
            countOf={text.trackerCount}
          />
          <PickMany
            label={text.peopleField}
            description={text.peopleHint}
            searchLabel={text.addPerson}
            items={(people.data ?? []).map(toPickable)}
            value={userIds}
            onChange={onUsers}
            countOf={text.peopleCount}
          />
        </>
      )}
    </ListState>
  );
}
