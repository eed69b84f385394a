import type { UserReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { updatePerson } from '../../api/people.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { showToast } from '../../ui/toasts.tsx';

const text = messages.people;

/** A refusal about a person, in words. */
export function personRefusal(error: unknown): string {
  return codeOf(error) === 'LAST_ADMINISTRATOR'
    ? text.lastAdministrator
    : refusalWords(error, messages.forms.failed);
}

/** Lets somebody log in again, and says so. */
export function useAllowLogIn(): (person: UserReply) => Promise<void> {
  const client = useQueryClient();
  return async (person) => {
    try {
      putInList(client, 'people', await updatePerson(person.id, { disabled: false }));
      showToast({ kind: 'ok', title: text.enabledToast(person.name) });
    } catch (error) {
      showToast({ kind: 'critical', title: messages.forms.notChanged, text: personRefusal(error) });
    }
  };
}
