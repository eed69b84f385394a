import type { TrackerReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { putInList } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { ownerOf, refusedField, type TrackerField, type TrackerForm } from './tracker-form.ts';
import type { Refusals } from './tracker-fields.tsx';

const text = messages.trackerPages;

function wordsFor(field: TrackerField, owner: TrackerReply | null): string {
  switch (field) {
    case 'identifier':
      return owner === null ? text.deviceTaken : text.deviceTakenBy(owner.name);
    case 'protocol':
      return text.protocolUnknown;
    case 'groups':
      return text.groupGone;
    case 'name':
      return messages.forms.nameError.blank;
  }
}

interface Saving {
  readonly trackers: readonly TrackerReply[];
  readonly ownId: number | null;
  /** Sends it. */
  readonly send: (form: TrackerForm) => Promise<TrackerReply>;
  readonly onSaved: (tracker: TrackerReply) => void;
  readonly onRefused: (field: TrackerField | null) => void;
}

/** Sends the form of a tracker and tells refusals at their fields; the lists show what was saved at once. */
export function useSaveTracker({ trackers, ownId, send, onSaved, onRefused }: Saving) {
  const client = useQueryClient();
  const [isSaving, setIsSaving] = useState(false);
  const [refusals, setRefusals] = useState<Refusals>({});
  const [failure, setFailure] = useState<string | null>(null);

  async function save(form: TrackerForm): Promise<void> {
    setIsSaving(true);
    setFailure(null);
    setRefusals({});
    try {
      const tracker = await send(form);
      putInList(client, 'trackers', tracker);
      // its groups count it now
      void client.invalidateQueries({ queryKey: ['groups'] });
      onSaved(tracker);
    } catch (error) {
      const field = refusedField(codeOf(error));
      if (field === null) setFailure(refusalWords(error, messages.forms.failed));
      else setRefusals({ [field]: wordsFor(field, ownerOf(trackers, form, ownId)) });
      onRefused(field);
    } finally {
      setIsSaving(false);
    }
  }

  /** Something was changed: what was refused may be right now. */
  function forget(): void {
    setRefusals({});
    setFailure(null);
  }

  return { isSaving, refusals, failure, save, forget };
}
