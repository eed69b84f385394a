import type { GroupReply, TrackerReply } from '@followme/contracts';
import { FolderMinus, FolderPlus } from 'lucide-react';
import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import type { BulkDirection } from './bulk.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import styles from './trackers.module.css';

const text = messages.trackerPages;

interface Props {
  /** The chosen trackers. */
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
  /** They need not be chosen any more. */
  readonly onDone: () => void;
}

/** What can be done with all that are chosen. */
export function BulkBar({ trackers, groups, onDone }: Props) {
  const [direction, setDirection] = useState<BulkDirection | null>(null);
  return (
    <div className={styles['bulk']} role="group" aria-label={text.chosen(trackers.length)}>
      <strong className={styles['bulkCount']}>{text.chosen(trackers.length)}</strong>
      <Button onPress={() => setDirection('add')}>
        <FolderPlus size={16} aria-hidden="true" />
        {text.addToGroup}
      </Button>
      <Button onPress={() => setDirection('remove')}>
        <FolderMinus size={16} aria-hidden="true" />
        {text.removeFromGroup}
      </Button>
      <Button kind="ghost" onPress={onDone}>
        {text.clearChosen}
      </Button>
      {direction !== null && (
        <BulkDialog
          direction={direction}
          trackers={trackers}
          groups={groups}
          onClose={() => setDirection(null)}
          onDone={() => {
            setDirection(null);
            onDone();
          }}
        />
      )}
    </div>
  );
}
