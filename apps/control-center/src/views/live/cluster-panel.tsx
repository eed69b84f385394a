import { X } from 'lucide-react';
import { usePlaces } from '../../hooks/use-places.ts';
import type { ClusterMembers } from '../../live/live-store.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { TrackerRow } from './tracker-row.tsx';
import detailStyles from './detail-panel.module.css';
import styles from './cluster-panel.module.css';

interface ClusterPanelProps {
  readonly cluster: ClusterMembers;
  readonly onSelect: (trackerId: number) => void;
  readonly onClose: () => void;
}

const text = messages.cluster;

/** Who is in the cluster that was clicked: choosing one opens it. */
export function ClusterPanel({ cluster, onSelect, onClose }: ClusterPanelProps) {
  const { trackerIds, total } = cluster;
  const places = usePlaces();
  return (
    <aside
      className={detailStyles['panel']}
      aria-label={text.region}
      tabIndex={-1}
      data-region="detail"
    >
      <header className={styles['header']}>
        <div>
          <h2>{text.title(total)}</h2>
          <p>
            {trackerIds.length < total ? text.cut(messages.counted(trackerIds.length)) : text.text}
          </p>
        </div>
        <IconButton label={messages.detail.close} onClick={onClose}>
          <X size={18} />
        </IconButton>
      </header>
      <ul role="list" aria-label={text.region} className={styles['members']}>
        {trackerIds.map((trackerId) => (
          <li key={trackerId}>
            <TrackerRow trackerId={trackerId} places={places} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </aside>
  );
}
