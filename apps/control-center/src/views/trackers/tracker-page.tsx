import type { GroupReply, TrackerReply } from '@followme/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, MapPinOff, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { retireTracker } from '../../api/trackers.ts';
import { ListState } from '../../forms/list-state.tsx';
import { isGone, refusalWords } from '../../forms/refusal.ts';
import { dropFromList, useDeviceAddresses, useGroups, useTrackers } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link, navigate, useQueryParam } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { StepTitle } from './add-tracker.tsx';
import { AddressCard } from './address-card.tsx';
import { EditTrackerDialog } from './edit-tracker-dialog.tsx';
import { FirstFixCard } from './first-fix-card.tsx';
import { protocolLabel } from './protocol-label.ts';
import styles from './connect.module.css';

const text = messages.trackerPages;

interface Props {
  readonly trackerId: number;
}

/** One tracker: whether it reports, how its device is told where to, and what is set up. */
export function TrackerPage({ trackerId }: Props) {
  const trackers = useTrackers();
  const groups = useGroups();
  const tracker = trackers.data?.find(({ id }) => id === trackerId);
  const isNew = useQueryParam('new') === '1';
  return (
    <Page title={<bdi>{tracker?.name ?? text.title}</bdi>} width="narrow">
      <ListState of={[trackers, groups]} label={text.loading}>
        {() =>
          tracker === undefined ? (
            <StateMessage icon={MapPinOff} title={text.goneTitle} text={text.goneText}>
              <Link href="/trackers">{text.back}</Link>
            </StateMessage>
          ) : (
            <Content
              tracker={tracker}
              trackers={trackers.data ?? []}
              groups={groups.data ?? []}
              isNew={isNew}
            />
          )
        }
      </ListState>
    </Page>
  );
}

interface ContentProps {
  readonly tracker: TrackerReply;
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
  /** It was just added: the page is the last step of that. */
  readonly isNew: boolean;
}

type Open = 'edit' | 'retire' | null;

function Content({ tracker, trackers, groups, isNew }: ContentProps) {
  const mayManage = useCan('manage');
  const [open, setOpen] = useState<Open>(null);
  const { device } = tracker;
  return (
    <>
      {isNew && device !== null && <StepTitle number={3}>{text.stepConnect}</StepTitle>}
      {!isNew && (
        <Link href="/trackers" className={styles['back']}>
          <ArrowLeft size={16} aria-hidden="true" className={styles['mirrored']} />
          {text.back}
        </Link>
      )}
      {isNew && device !== null && <AddressCard device={device} />}
      {device === null ? (
        <NoDeviceCard onSet={mayManage ? () => setOpen('edit') : null} />
      ) : (
        <FirstFixCard trackerId={tracker.id} />
      )}
      {!isNew && (
        <FactsCard tracker={tracker} groups={groups} onOpen={mayManage ? setOpen : null} />
      )}
      {!isNew && device !== null && <AddressCard device={device} />}
      {isNew && (
        <div className={styles['buttons']}>
          <span className={styles['space']} />
          <Button onPress={() => navigate('/trackers/new')}>
            <Plus size={16} aria-hidden="true" />
            {text.addAnother}
          </Button>
          <Button onPress={() => navigate('/trackers')}>{text.done}</Button>
        </div>
      )}
      {open === 'edit' && (
        <EditTrackerDialog
          tracker={tracker}
          trackers={trackers}
          groups={groups}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'retire' && <RetireDialog tracker={tracker} onClose={() => setOpen(null)} />}
    </>
  );
}

interface NoDeviceProps {
  /** Null: it cannot be set by this person. */
  readonly onSet: (() => void) | null;
}

function NoDeviceCard({ onSet }: NoDeviceProps) {
  return (
    <Card>
      <div className={styles['buttons']}>
        <p className={styles['space']}>{text.noDeviceYet}</p>
        {onSet !== null && <Button onPress={onSet}>{text.addDevice}</Button>}
      </div>
    </Card>
  );
}

interface FactsProps {
  readonly tracker: TrackerReply;
  readonly groups: readonly GroupReply[];
  /** Null: it cannot be changed by this person. */
  readonly onOpen: ((open: Open) => void) | null;
}

function FactsCard({ tracker, groups, onOpen }: FactsProps) {
  const addresses = useDeviceAddresses();
  const { device } = tracker;
  const own = groups.filter(({ id }) => tracker.groupIds.includes(id));
  return (
    <Card>
      <div className={styles['stack']}>
        <dl className={styles['facts']}>
          <dt>{text.columns.groups}</dt>
          <dd>
            <bdi>{own.length === 0 ? text.noGroup : own.map(({ name }) => name).join(', ')}</bdi>
          </dd>
          <dt>{text.columns.device}</dt>
          <dd>
            {device === null
              ? text.noDevice
              : protocolLabel(device.protocol, addresses.data?.protocols ?? [])}
          </dd>
          {device !== null && (
            <>
              <dt>{text.identifier}</dt>
              <dd>
                <bdi>{device.identifier}</bdi>
              </dd>
            </>
          )}
        </dl>
        {onOpen === null ? (
          <p className={styles['note']}>{messages.forms.readOnlyHint}</p>
        ) : (
          <div className={styles['buttons']}>
            <Button onPress={() => onOpen('edit')}>
              <Pencil size={16} aria-hidden="true" />
              {text.edit}
            </Button>
            <Button kind="ghost" onPress={() => onOpen('retire')}>
              {text.retire}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

interface RetireProps {
  readonly tracker: TrackerReply;
  readonly onClose: () => void;
}

function RetireDialog({ tracker, onClose }: RetireProps) {
  const client = useQueryClient();
  const [isPending, setIsPending] = useState(false);

  async function retire(): Promise<void> {
    setIsPending(true);
    try {
      await retireTracker(tracker.id);
    } catch (error) {
      // gone already is what was wanted
      if (!isGone(error)) {
        const why = refusalWords(error, messages.forms.failed);
        showToast({ kind: 'critical', title: messages.forms.notChanged, text: why });
        return onClose();
      }
    }
    navigate('/trackers');
    dropFromList(client, 'trackers', tracker.id);
    void client.invalidateQueries({ queryKey: ['groups'] });
    showToast({ kind: 'ok', title: text.retired(tracker.name) });
  }

  return (
    <ConfirmDialog
      isOpen
      title={text.retireTitle(tracker.name)}
      text={
        <>
          <p>{text.retireText}</p>
          <p>{text.retireGroups(tracker.groupIds.length)}</p>
        </>
      }
      confirmLabel={text.retire}
      isPending={isPending}
      onConfirm={() => void retire()}
      onClose={onClose}
    />
  );
}
