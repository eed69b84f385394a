import type { GroupReply, UpdateGroupBody } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createGroup, updateGroup } from '../../api/groups.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { showToast } from '../../ui/toasts.tsx';

const text = messages.groups;

interface Saving {
  /** Null makes a new one. */
  readonly group: GroupReply | null;
  readonly onSaved: () => void;
  readonly onRefused: () => void;
}

/** Sends a group and tells refusals; the lists that name its members are asked for again. */
export function useSaveGroup({ group, onSaved, onRefused }: Saving) {
  const client = useQueryClient();
  const [isTaken, setIsTaken] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);

  async function save(name: string, change: UpdateGroupBody): Promise<void> {
    setIsSaving(true);
    setFailure(null);
    try {
      const saved =
        group === null
          ? await createGroup({ ...change, name: name.trim() })
          : await updateGroup(group.id, change);
      putInList(client, 'groups', saved);
      for (const list of ['groups', 'trackers', 'people']) {
        void client.invalidateQueries({ queryKey: [list] });
      }
      showToast({ kind: 'ok', title: (group === null ? text.made : text.saved)(saved.name) });
      onSaved();
    } catch (error) {
      if (codeOf(error) === 'GROUP_NAME_TAKEN') setIsTaken(true);
      else setFailure(refusalWords(error, messages.forms.failed));
      onRefused();
    } finally {
      setIsSaving(false);
    }
  }

  return { isTaken, setIsTaken, failure, isSaving, save };
}
