import type { GroupReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteGroup } from '../../api/groups.ts';
import { isGone, refusalWords } from '../../forms/refusal.ts';
import { useFences } from '../../hooks/use-fences.ts';
import { dropFromList, useRules } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { groupUse } from './group-use.ts';

const text = messages.groups;

interface Props {
  readonly group: GroupReply;
  readonly onClose: () => void;
}

/** Asks once before a group goes, and says in numbers who loses it and what names it. */
export function RemoveGroupDialog({ group, onClose }: Props) {
  const client = useQueryClient();
  const rules = useRules();
  const fences = useFences();
  const [isPending, setIsPending] = useState(false);
  const isKnown = rules.data !== undefined && fences.data !== undefined;
  const use = groupUse(group, rules.data ?? [], fences.data ?? []);

  async function remove(): Promise<void> {
    setIsPending(true);
    try {
      await deleteGroup(group.id);
    } catch (error) {
      // gone already is what was wanted
      if (!isGone(error)) {
        const why = refusalWords(error, messages.forms.failed);
        showToast({ kind: 'critical', title: messages.forms.notRemoved, text: why });
        return onClose();
      }
    }
    dropFromList(client, 'groups', group.id);
    for (const list of ['trackers', 'people', 'rules', 'fences']) {
      void client.invalidateQueries({ queryKey: [list] });
    }
    showToast({ kind: 'ok', title: text.removed(group.name) });
    onClose();
  }

  return (
    <ConfirmDialog
      isOpen
      title={text.removeTitle(group.name)}
      text={
        <>
          <p>{text.removeText(use)}</p>
          <p>{isKnown ? text.removeNamed(use) : text.removeUnknown}</p>
        </>
      }
      confirmLabel={text.removeVerb}
      isPending={isPending}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}
