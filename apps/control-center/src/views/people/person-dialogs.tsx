import type { UserReply, UserWithPassword } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { renewPassword, updatePerson } from '../../api/people.ts';
import { putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { HandOverDialog } from './hand-over-dialog.tsx';
import { OwnPasswordDialog } from './own-password-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { personRefusal } from './use-allow-log-in.ts';

const text = messages.people;

/** What is open over the page of people. */
export type PersonOpen =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly person: UserReply }
  | { readonly kind: 'disable'; readonly person: UserReply }
  | { readonly kind: 'renew'; readonly person: UserReply }
  | { readonly kind: 'handOver'; readonly made: UserWithPassword }
  | { readonly kind: 'ownPassword' };

interface Props {
  readonly open: PersonOpen | null;
  readonly people: readonly UserReply[];
  readonly onOpen: (open: PersonOpen | null) => void;
}

/** The dialogs of the page, one at a time. */
export function PersonDialogs({ open, people, onOpen }: Props) {
  const close = (): void => onOpen(null);
  const handOver = (made: UserWithPassword): void => onOpen({ kind: 'handOver', made });
  switch (open?.kind) {
    case 'add':
      return <PersonDialog person={null} people={people} onClose={close} onMade={handOver} />;
    case 'edit':
      return (
        <PersonDialog person={open.person} people={people} onClose={close} onMade={handOver} />
      );
    case 'disable':
      return <DisableDialog person={open.person} onClose={close} />;
    case 'renew':
      return <RenewDialog person={open.person} onClose={close} onMade={handOver} />;
    case 'handOver':
      return <HandOverDialog made={open.made} onClose={close} />;
    case 'ownPassword':
      return <OwnPasswordDialog isOpen onClose={close} />;
    case undefined:
      return null;
  }
}

interface AskProps {
  readonly person: UserReply;
  readonly onClose: () => void;
}

function DisableDialog({ person, onClose }: AskProps) {
  const client = useQueryClient();
  const [isPending, setIsPending] = useState(false);

  async function disable(): Promise<void> {
    setIsPending(true);
    try {
      putInList(client, 'people', await updatePerson(person.id, { disabled: true }));
      showToast({ kind: 'ok', title: text.disabledToast(person.name) });
    } catch (error) {
      showToast({ kind: 'critical', title: messages.forms.notChanged, text: personRefusal(error) });
    }
    onClose();
  }

  return (
    <ConfirmDialog
      isOpen
      title={text.disableTitle(person.name)}
      text={text.disableText}
      confirmLabel={text.disable}
      isPending={isPending}
      onConfirm={() => void disable()}
      onClose={onClose}
    />
  );
}

interface RenewProps extends AskProps {
  readonly onMade: (made: UserWithPassword) => void;
}

function RenewDialog({ person, onClose, onMade }: RenewProps) {
  const [isPending, setIsPending] = useState(false);

  async function renew(): Promise<void> {
    setIsPending(true);
    try {
      onMade(await renewPassword(person.id));
    } catch (error) {
      showToast({ kind: 'critical', title: messages.forms.notChanged, text: personRefusal(error) });
      onClose();
    }
  }

  return (
    <ConfirmDialog
      isOpen
      title={text.renewTitle(person.name)}
      text={text.renewText}
      confirmLabel={text.renew}
      isDestructive={false}
      isPending={isPending}
      onConfirm={() => void renew()}
      onClose={onClose}
    />
  );
}
