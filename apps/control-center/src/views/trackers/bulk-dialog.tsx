import type { GroupReply, TrackerReply } from '@followme/contracts';
import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { affected, type BulkDirection } from './bulk.ts';
import { useBulk } from './use-bulk.ts';
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

/** Asks which group, says what will happen, and does it. */
export function BulkDialog({ direction, trackers, groups, onClose, onDone }: Props) {
  const [group, setGroup] = useState<GroupReply | null>(null);
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
  const { work, error, setError, run } = useBulk({ direction, trackers, onDone });

  const footer = (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" isPending={work !== null} onPress={() => void run(group, count)}>
        {isAdding
          ? text.addNow(group === null ? trackers.length : count)
          : text.removeNow(group === null ? trackers.length : count)}
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
