import { useRoute } from '../../shell/route.ts';
import { useCan } from '../../session/session-context.ts';
import { NoAccess } from '../../forms/no-access.tsx';
import { messages } from '../../messages/messages.ts';
import { AddTracker } from './add-tracker.tsx';
import { TrackerList } from './tracker-list-page.tsx';
import { TrackerPage } from './tracker-page.tsx';

/** The section of trackers: all of them, one of them, or a new one. */
export function TrackersPage() {
  const { id, isNew } = useRoute();
  const mayManage = useCan('manage');
  if (isNew && !mayManage) return <NoAccess title={messages.trackerPages.add} />;
  if (isNew) return <AddTracker />;
  return id === null ? <TrackerList /> : <TrackerPage key={id} trackerId={id} />;
}
