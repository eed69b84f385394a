import type { UserReply, UserWithPassword } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { createPerson, updatePerson } from '../../api/people.ts';
import { nameFault } from '../../forms/check-name.ts';
import { codeOf } from '../../forms/refusal.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { putInList, useGroups } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { useSession } from '../../session/session-context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import {
  emailFault,
  isLastAdministrator,
  newPersonForm,
  type PersonForm,
  toCreateBody,
  toPersonForm,
  toUpdateBody,
} from './person-form.ts';
import { PersonFields } from './person-fields.tsx';
import { personRefusal } from './use-allow-log-in.ts';
import form from '../../forms/form.module.css';

const text = messages.people;

interface Props {
  /** Null adds somebody. */
  readonly person: UserReply | null;
  readonly people: readonly UserReply[];
  readonly onClose: () => void;
  /** Somebody was added: the password has to be handed over. */
  readonly onMade: (made: UserWithPassword) => void;
}

interface SavingInput extends Omit<Props, 'people'> {
  readonly onRefused: () => void;
}

/** Sends what is filled in and says what was refused. */
function useSavePerson({ person, onClose, onMade, onRefused }: SavingInput) {
  const client = useQueryClient();
  const { user } = useSession();
  const [isEmailTaken, setIsEmailTaken] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);

  async function send(filled: PersonForm): Promise<void> {
    if (person === null) {
      const made = await createPerson(toCreateBody(filled));
      putInList(client, 'people', made.user);
      onMade(made);
    } else {
      const saved = await updatePerson(person.id, toUpdateBody(filled));
      putInList(client, 'people', saved);
      showToast({ kind: 'ok', title: text.saved(saved.name) });
      // what one may do oneself hangs on the session
      if (saved.id === user.id) void client.invalidateQueries({ queryKey: ['session'] });
      onClose();
    }
    void client.invalidateQueries({ queryKey: ['groups'] });
  }

  async function save(filled: PersonForm): Promise<void> {
    setIsSaving(true);
    setFailure(null);
    try {
      await send(filled);
    } catch (error) {
      if (codeOf(error) === 'EMAIL_TAKEN') setIsEmailTaken(true);
      else setFailure(personRefusal(error));
      onRefused();
    } finally {
      setIsSaving(false);
    }
  }

  /** Something was changed: what was refused may be right now. */
  function forget(): void {
    setIsEmailTaken(false);
    setFailure(null);
  }

  return { isEmailTaken, failure, isSaving, save, forget };
}

/** Name, address, role and what somebody sees. */
export function PersonDialog({ person, people, onClose, onMade }: Props) {
  const hasGroups = (useGroups().data ?? []).length > 0;
  const [typed, setTyped] = useState<PersonForm | null>(null);
  // until something is filled in it follows the groups, which may arrive late
  const filled = typed ?? (person === null ? newPersonForm(hasGroups) : toPersonForm(person));
  const [isTold, setIsTold] = useState(false);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const saving = useSavePerson({ person, onClose, onMade, onRefused: showFirstError });
  const { isEmailTaken, failure, isSaving } = saving;
  const formId = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const isRight = nameFault(filled.name) === null && emailFault(filled.email) === null;
    if (isRight) return void saving.save(filled);
    setIsTold(true);
    showFirstError();
  }

  return (
    <Dialog
      isOpen
      size="large"
      title={person === null ? text.add : text.editTitle(person.name)}
      onClose={onClose}
      footer={
        <Footer formId={formId} isNew={person === null} isSaving={isSaving} onClose={onClose} />
      }
      isDismissable={false}
    >
      <form id={formId} ref={formRef} noValidate className={form['form']} onSubmit={submit}>
        <PersonFields
          form={filled}
          onChange={(next) => {
            setTyped(next);
            saving.forget();
          }}
          isNew={person === null}
          isTold={isTold}
          isEmailTaken={isEmailTaken}
          isLast={person !== null && isLastAdministrator(people, person.id)}
        />
        {failure !== null && <Banner kind="critical">{failure}</Banner>}
      </form>
    </Dialog>
  );
}

interface FooterProps {
  readonly formId: string;
  readonly isNew: boolean;
  readonly isSaving: boolean;
  readonly onClose: () => void;
}

function Footer({ formId, isNew, isSaving, onClose }: FooterProps) {
  return (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" type="submit" form={formId} isPending={isSaving}>
        {isNew ? text.add : messages.forms.save}
      </Button>
    </>
  );
}
