import type { GroupReply, TrackerReply } from '@followme/contracts';
import { type FormEvent, useId, useState } from 'react';
import { updateTracker } from '../../api/trackers.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { useDeviceAddresses } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { isComplete, toTrackerForm, toUpdateBody, type TrackerForm } from './tracker-form.ts';
import { DeviceFields, GroupsField, NameField } from './tracker-fields.tsx';
import { useSaveTracker } from './use-save-tracker.ts';
import form from '../../forms/form.module.css';

const text = messages.trackerPages;

interface Props {
  readonly tracker: TrackerReply;
  readonly trackers: readonly TrackerReply[];
  readonly groups: readonly GroupReply[];
  readonly onClose: () => void;
}

/** Name, groups and device of a tracker that exists. */
export function EditTrackerDialog({ tracker, trackers, groups, onClose }: Props) {
  const addresses = useDeviceAddresses();
  const [filled, setFilled] = useState<TrackerForm>(() => toTrackerForm(tracker));
  const [isTold, setIsTold] = useState(false);
  const formId = useId();
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const saving = useSaveTracker({
    trackers,
    ownId: tracker.id,
    send: (next) => updateTracker(tracker.id, toUpdateBody(next)),
    onSaved({ name }) {
      showToast({ kind: 'ok', title: text.saved(name) });
      onClose();
    },
    onRefused: showFirstError,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isComplete(filled)) return void saving.save(filled);
    setIsTold(true);
    showFirstError();
  }

  function change(next: TrackerForm): void {
    setFilled(next);
    saving.forget();
  }

  const fields = { form: filled, onChange: change, isTold, refusals: saving.refusals };
  const footer = (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" type="submit" form={formId} isPending={saving.isSaving}>
        {messages.forms.save}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      title={text.editTitle(tracker.name)}
      onClose={onClose}
      footer={footer}
      isDismissable={false}
    >
      <form id={formId} ref={formRef} noValidate className={form['form']} onSubmit={submit}>
        <NameField {...fields} trackers={trackers} ownId={tracker.id} />
        <GroupsField {...fields} groups={groups} />
        <DeviceFields {...fields} protocols={addresses.data?.protocols ?? []} />
        {saving.failure !== null && <Banner kind="critical">{saving.failure}</Banner>}
      </form>
    </Dialog>
  );
}
