import { ArrowLeft } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { createTracker } from '../../api/trackers.ts';
import { nameFault } from '../../forms/check-name.ts';
import { ListState } from '../../forms/list-state.tsx';
import { useFirstError } from '../../forms/use-first-error.ts';
import { useKeptDraft } from '../../forms/use-kept-draft.ts';
import { useIsHere } from '../../hooks/use-is-here.ts';
import { useDeviceAddresses, useGroups, useTrackers } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { navigate } from '../../shell/route.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { showToast } from '../../ui/toasts.tsx';
import {
  isComplete,
  type KeptTracker,
  newTrackerForm,
  readKeptTracker,
  toCreateBody,
  type TrackerForm,
} from './tracker-form.ts';
import { DeviceFields, GroupsField, NameField } from './tracker-fields.tsx';
import { useSaveTracker } from './use-save-tracker.ts';
import form from '../../forms/form.module.css';
import styles from './connect.module.css';

const text = messages.trackerPages;
/** The third is the page of the tracker, which waits for its first fix. */
const STEPS = 3;

/** A new tracker in two short steps; the third, connecting, is on its own page, which outlives a reload. */
export function AddTracker() {
  const trackers = useTrackers();
  const groups = useGroups();
  return (
    <Page title={text.add} width="narrow">
      <ListState of={[trackers, groups]} label={text.loading}>
        {() => <Steps trackers={trackers.data ?? []} groups={groups.data ?? []} />}
      </ListState>
    </Page>
  );
}

interface StepsProps {
  readonly trackers: NonNullable<ReturnType<typeof useTrackers>['data']>;
  readonly groups: NonNullable<ReturnType<typeof useGroups>['data']>;
}

/** What is filled in, step by step, and the tracker that is made of it. */
function useSteps(
  trackers: StepsProps['trackers'],
  addresses: ReturnType<typeof useDeviceAddresses>,
) {
  const protocols = addresses.data?.protocols ?? [];
  const { draft, setDraft, forget } = useKeptDraft<KeptTracker>({
    name: 'tracker.new',
    start: { step: 'name', form: newTrackerForm(), isDeviceChosen: false },
    read: readKeptTracker,
  });
  const { step, form: typed, isDeviceChosen } = draft;
  const put = (part: Partial<KeptTracker>): void => setDraft((now) => ({ ...now, ...part }));
  const isHere = useIsHere();
  // most installations have one family: it stands there until somebody chooses, also when it arrives late
  const filled = isDeviceChosen ? typed : { ...typed, protocol: protocols[0]?.protocol ?? null };
  const [isTold, setIsTold] = useState(false);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const saving = useSaveTracker({
    trackers,
    ownId: null,
    send: (next) => createTracker(toCreateBody(next)),
    onSaved({ id, name }) {
      forget();
      if (isHere()) navigate(`/trackers/${id}?new=1`, { replace: true });
      else showToast({ kind: 'ok', title: text.saved(name) });
    },
    onRefused(field) {
      if (!isHere()) {
        return void showToast({ kind: 'warning', title: messages.forms.notSaved(filled.name) });
      }
      if (field === 'name' || field === 'groups') put({ step: 'name' });
      showFirstError();
    },
  });

  function change(next: TrackerForm): void {
    const isOther = next.protocol !== filled.protocol;
    put({ form: next, isDeviceChosen: isDeviceChosen || isOther });
    saving.forget();
  }

  function goToDevice(): void {
    if (nameFault(filled.name) !== null) return refuse();
    setIsTold(false);
    put({ step: 'device' });
  }

  function refuse(): void {
    setIsTold(true);
    showFirstError();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (step === 'name') return goToDevice();
    if (!isComplete(filled)) return refuse();
    void saving.save(filled);
  }

  return {
    step,
    formRef,
    fields: { form: filled, onChange: change, isTold, refusals: saving.refusals },
    failure: saving.failure,
    isSaving: saving.isSaving,
    submit,
    goBack: () => put({ step: 'name' }),
    forget,
  };
}

function Steps({ trackers, groups }: StepsProps) {
  const addresses = useDeviceAddresses();
  const { step, formRef, fields, failure, ...steps } = useSteps(trackers, addresses);
  return (
    <Card>
      {/* another step is another form, so that the focus begins at its first field */}
      <form key={step} ref={formRef} noValidate className={form['form']} onSubmit={steps.submit}>
        <StepTitle number={step === 'name' ? 1 : 2}>
          {step === 'name' ? text.stepName : text.stepDevice}
        </StepTitle>
        {step === 'name' ? (
          <>
            <NameField {...fields} trackers={trackers} ownId={null} />
            <GroupsField {...fields} groups={groups} />
          </>
        ) : (
          <DeviceStep fields={fields} addresses={addresses} />
        )}
        {failure !== null && <Banner kind="critical">{failure}</Banner>}
        <StepButtons
          step={step}
          isSaving={steps.isSaving}
          onBack={steps.goBack}
          onCancel={steps.forget}
        />
      </form>
    </Card>
  );
}

interface DeviceStepProps {
  readonly fields: Omit<Parameters<typeof DeviceFields>[0], 'protocols'>;
  readonly addresses: ReturnType<typeof useDeviceAddresses>;
}

function DeviceStep({ fields, addresses }: DeviceStepProps) {
  return (
    <>
      {addresses.isError && (
        <Banner
          kind="warning"
          action={
            <Button size="small" onPress={() => void addresses.refetch()}>
              {messages.forms.tryAgain}
            </Button>
          }
        >
          {text.addressesFailed}
        </Banner>
      )}
      <DeviceFields {...fields} protocols={addresses.data?.protocols ?? []} />
    </>
  );
}

interface StepButtonsProps {
  readonly step: KeptTracker['step'];
  readonly isSaving: boolean;
  readonly onBack: () => void;
  readonly onCancel: () => void;
}

function StepButtons({ step, isSaving, onBack, onCancel }: StepButtonsProps) {
  return (
    <div className={styles['buttons']}>
      {step === 'device' && (
        <Button onPress={onBack}>
          <ArrowLeft size={16} aria-hidden="true" className={styles['mirrored']} />
          {text.previous}
        </Button>
      )}
      <span className={styles['space']} />
      <Button
        kind="ghost"
        onPress={() => {
          onCancel();
          navigate('/trackers');
        }}
      >
        {messages.forms.cancel}
      </Button>
      <Button kind="primary" type="submit" isPending={isSaving}>
        {step === 'name' ? text.next : text.create}
      </Button>
    </div>
  );
}

interface StepTitleProps {
  readonly number: number;
  readonly children: string;
}

/** Where one is in the guided flow. */
export function StepTitle({ number, children }: StepTitleProps) {
  return (
    <div>
      <p className={styles['step']}>{text.step(number, STEPS)}</p>
      <h2 className={styles['stepTitle']}>{children}</h2>
    </div>
  );
}
