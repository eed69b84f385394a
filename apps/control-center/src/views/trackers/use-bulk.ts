import type { GroupReply, TrackerReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchGroup, updateGroup } from '../../api/groups.ts';
import { fetchTracker, updateTracker } from '../../api/trackers.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { showToast } from '../../ui/toasts.tsx';
import { type BulkDirection, type BulkOutcome, runBulk } from './bulk.ts';

const text = messages.trackerPages;

interface Work {
  readonly done: number;
  readonly all: number;
}

interface Order {
  readonly direction: BulkDirection;
  readonly trackers: readonly TrackerReply[];
  readonly onDone: () => void;
}

function failureOf({ done, all, error }: BulkOutcome): string {
  const why = refusalWords(error, messages.forms.failed);
  return done > 0 ? `${text.bulkPart(done, all)} ${why}` : why;
}

/** Carries out a change of many trackers, tells how far it is, and what went wrong. */
export function useBulk({ direction, trackers, onDone }: Order) {
  const client = useQueryClient();
  const [work, setWork] = useState<Work | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function run(group: GroupReply | null, count: number): Promise<void> {
    if (group === null) return setError(text.groupMissing);
    if (count === 0) return setError(text.nothingToDo);
    setError(null);
    setWork({ done: 0, all: count });
    const onProgress = (done: number, all: number): void => setWork({ done, all });
    const outcome = await runBulk(
      { groupId: group.id, direction, trackers },
      { fetchGroup, fetchTracker, updateGroup, updateTracker, onProgress },
    );
    setWork(null);
    await Promise.all(
      ['groups', 'trackers'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
    if (outcome.error !== null) return setError(failureOf(outcome));
    const title = direction === 'add' ? text.bulkAdded : text.bulkRemoved;
    showToast({ kind: 'ok', title: title(outcome.done, group.name) });
    onDone();
  }

  return { work, error, setError, run };
}
