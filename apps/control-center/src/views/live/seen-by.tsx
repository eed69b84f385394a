import { Eye } from 'lucide-react';
import { useGroups } from '../../hooks/use-lists.ts';
import type { LiveTracker } from '../../live/live-tracker.ts';
import { messages } from '../../messages/messages.ts';
import { Chip } from '../../ui/chip.tsx';
import styles from './detail-panel.module.css';

/** The groups of a tracker by name. */
export function useGroupNames({ groupIds }: Pick<LiveTracker, 'groupIds'>): readonly string[] {
  const groups = useGroups().data ?? [];
  return groups.filter(({ id }) => groupIds.includes(id)).map(({ name }) => name);
}

/** Who sees a tracker: its groups. */
export function SeenBy({ tracker }: { readonly tracker: LiveTracker }) {
  const names = useGroupNames(tracker);
  return (
    <section className={styles['seenBy']} aria-label={messages.live.seenBy}>
      <Eye size={16} aria-hidden="true" />
      <span className={styles['muted']}>{messages.live.seenBy}</span>
      {names.length === 0 ? (
        <span className={styles['muted']}>{messages.live.seenByNobody}</span>
      ) : (
        names.map((name) => <Chip key={name}>{name}</Chip>)
      )}
    </section>
  );
}
