/** The fields of a tracker, the same where it is added and where it is changed. */
import type { DeviceAddresses, GroupReply, TrackerReply } from '@followme/contracts';
import { nameError } from '../../forms/check-name.ts';
import { messages } from '../../messages/messages.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import {
  doubtfulImei,
  identifierFault,
  MAX_IDENTIFIER_CHARS,
  type TrackerField,
  type TrackerForm,
} from './tracker-form.ts';
import { imeiDoubtWords } from './imei-doubt-words.ts';
import { isNameTaken } from './tracker-index.ts';
import { protocolLabel } from './protocol-label.ts';
import styles from '../../forms/form.module.css';

const text = messages.trackerPages;
/** Stands for a tracker without a device among the families. */
const NO_DEVICE = '';

/** What the server refused, in words, by field. */
export type Refusals = Partial<Readonly<Record<TrackerField, string>>>;

interface Props {
  readonly form: TrackerForm;
  readonly onChange: (form: TrackerForm) => void;
  /** Errors are told after the first attempt to go on, not while somebody types the first letters. */
  readonly isTold: boolean;
  readonly refusals: Refusals;
}

interface NameProps extends Props {
  readonly trackers: readonly TrackerReply[];
  readonly ownId: number | null;
}

/** Its name; a name that another tracker has is allowed, and said. */
export function NameField({ form, onChange, isTold, refusals, trackers, ownId }: NameProps) {
  const isTaken = isNameTaken(trackers, form.name, ownId);
  return (
    <TextField
      label={messages.forms.name}
      value={form.name}
      onChange={(name) => onChange({ ...form, name })}
      isRequired
      autoFocus
      errorMessage={
        refusals.name ?? (isTold ? nameError(form.name, messages.forms.nameError) : undefined)
      }
      description={
        isTaken ? <span className={styles['warning']}>{text.nameTaken}</span> : text.nameHint
      }
    />
  );
}

interface GroupsProps extends Props {
  readonly groups: readonly GroupReply[];
}

/** Its groups. */
export function GroupsField({ form, onChange, refusals, groups }: GroupsProps) {
  if (groups.length === 0) return <p className={styles['note']}>{text.noGroups}</p>;
  return (
    <MultiSelect
      label={text.groups}
      items={groups.map(({ id, name }) => ({ id: String(id), label: name }))}
      value={form.groupIds.map(String)}
      onChange={(ids) => onChange({ ...form, groupIds: ids.map(Number) })}
      placeholder={text.addGroup}
      description={text.groupsHint}
      errorMessage={refusals.groups}
    />
  );
}

interface DeviceProps extends Props {
  readonly protocols: DeviceAddresses['protocols'];
}

/** What reports for it: the family and the identifier. */
export function DeviceFields({ form, onChange, isTold, refusals, protocols }: DeviceProps) {
  const known = protocols.map(({ protocol, label }) => ({ id: protocol, label }));
  const { protocol } = form;
  // a family of an earlier installation stays in sight
  const own =
    protocol === null || known.some(({ id }) => id === protocol)
      ? []
      : [{ id: protocol, label: protocolLabel(protocol, protocols) }];
  const doubt = doubtfulImei(form);
  return (
    <>
      <Select
        label={text.family}
        items={[...known, ...own, { id: NO_DEVICE, label: text.withoutDevice }]}
        value={protocol ?? NO_DEVICE}
        onChange={(id) => onChange({ ...form, protocol: id === NO_DEVICE ? null : id })}
        description={text.familyHint}
        errorMessage={refusals.protocol}
      />
      {protocol !== null && (
        <TextField
          label={text.identifier}
          value={form.identifier}
          onChange={(identifier) => onChange({ ...form, identifier })}
          isRequired
          autoComplete="off"
          spellCheck="false"
          errorMessage={refusals.identifier ?? (isTold ? identifierError(form) : undefined)}
          description={
            doubt === null ? (
              text.identifierHint
            ) : (
              <span className={styles['warning']}>{imeiDoubtWords(doubt)}</span>
            )
          }
        />
      )}
    </>
  );
}

function identifierError(form: TrackerForm): string | undefined {
  switch (identifierFault(form)) {
    case 'missing':
      return text.identifierMissing;
    case 'form':
      return text.identifierForm;
    case 'tooLong':
      return text.identifierTooLong(MAX_IDENTIFIER_CHARS);
    case null:
      return undefined;
  }
}
