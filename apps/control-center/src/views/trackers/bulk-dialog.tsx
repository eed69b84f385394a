import type { GroupReply, TrackerReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchGroup, updateGroup } from '../../api/groups.ts';
import { updateTracker } from '../../api/trackers.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { affected, type BulkDirection, runBulk } from './bulk.ts';
import { OneGroup } from './one-group.tsx';
import form from '../../forms/form.module.css';

const text = messages.trackerPages;

interface Props {
  readonly direction: BulkDirection;
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface Work {
  readonly done: number;
  readonly all: number;
}

/** Asks which group, says what will happen, and does it. */
export function BulkDialog({ direction, trackers, groups, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [group, setGroup] = useState<GroupReply | null>(null);
  const [work, setWork] = useState<Work | null>(null);
  const [error, setError] = useState<string | null>(null);
  const isAdding = direction === 'add';
  const count =
    group === null
      ? 0
      : affected(
          group,
          trackers.map(({ id }) => id),
          direction,
        ).length;
  const idle = trackers.length - count;

  async function run(): Promise<void> {
    if (group === null) return setError(text.groupMissing);
    if (count === 0) return setError(text.nothingToDo);
    setError(null);
    setWork({ done: 0, all: count });
    const outcome = await runBulk(
      { groupId: group.id, direction, trackers },
      {
        fetchGroup,
        updateGroup,
        updateTracker,
        onProgress: (done, all) => setWork({ done, all }),
      },
    );
    setWork(null);
    await Promise.all(
      ['groups', 'trackers'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
    if (outcome.error !== null) {
      const why = refusalWords(outcome.error, messages.forms.failed);
      return setError(
        outcome.done > 0 ? `${text.bulkPart(outcome.done, outcome.all)} ${why}` : why,
      );
    }
    const title = isAdding ? text.bulkAdded : text.bulkRemoved;
    showToast({ kind: 'ok', title: title(outcome.done, group.name) });
    onDone();
  }

  const footer = (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" isPending={work !== null} onPress={() => void run()}>
        {isAdding ? text.addNow(group === null ? trackers.length : count) : text.removeNow(group === null ? trackers.length : count)}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={(isAdding ? text.addToGroupTitle : text.removeFromGroupTitle)(trackers.length)}
      footer={footer}
      isDismissable={work === null}
    >
      <div className={form['form']}>
        <OneGroup
          groups={groups}
          value={group}
          onChange={(next) => {
            setGroup(next);
            setError(null);
          }}
          description={
            group === null || idle === 0
              ? undefined
              : (isAdding ? text.alreadyThere : text.notThere)(idle)
          }
        />
        {work !== null && work.all > 1 && (
          <ProgressBar
            label={isAdding ? text.addToGroup : text.removeFromGroup}
            value={work.done}
            maxValue={work.all}
            valueLabel={text.bulkProgress(work.done, work.all)}
          />
        )}
        {error !== null && <Banner kind="critical">{error}</Banner>}
      </div>
    </Dialog>
  );
}
