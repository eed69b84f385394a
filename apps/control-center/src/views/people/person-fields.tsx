import { nameError } from '../../forms/check-name.ts';
import { useGroups } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { emailFault, type PersonForm, ROLE_ORDER, seesNothing } from './person-form.ts';
import styles from '../../forms/form.module.css';

const text = messages.people;

interface Props {
  readonly form: PersonForm;
  readonly onChange: (form: PersonForm) => void;
  readonly isNew: boolean;
  /** Errors are told after the first attempt to save. */
  readonly isTold: boolean;
  readonly isEmailTaken: boolean;
  /** The last administrator stays one. */
  readonly isLast: boolean;
}

/** The fields of a person. */
export function PersonFields({ form, onChange, isNew, isTold, isEmailTaken, isLast }: Props) {
  return (
    <>
      <TextField
        label={messages.forms.name}
        value={form.name}
        onChange={(name) => onChange({ ...form, name })}
        isRequired
        autoFocus
        autoComplete="off"
        errorMessage={isTold ? nameError(form.name, messages.forms.nameError) : undefined}
      />
      <TextField
        label={text.email}
        type="email"
        value={form.email}
        onChange={(email) => onChange({ ...form, email })}
        isRequired={isNew}
        isReadOnly={!isNew}
        autoComplete="off"
        description={isNew ? text.emailHint : text.emailFixed}
        errorMessage={
          isEmailTaken ? text.emailTaken : isTold && isNew ? emailError(form.email) : undefined
        }
      />
      <RadioGroup
        label={text.role}
        items={ROLE_ORDER.map((role) => ({
          id: role,
          label: text.roles[role],
          detail: text.roleText[role],
        }))}
        value={form.role}
        onChange={(id) => {
          const role = ROLE_ORDER.find((one) => one === id);
          if (role !== undefined) onChange({ ...form, role });
        }}
        isDisabled={isLast}
        description={isLast ? text.lastAdministrator : undefined}
      />
      {form.role === 'administrator' ? (
        <p className={styles['note']}>{text.administratorSees}</p>
      ) : (
        <Sees form={form} onChange={onChange} />
      )}
    </>
  );
}

function Sees({ form, onChange }: Pick<Props, 'form' | 'onChange'>) {
  const groups = useGroups();
  return (
    <>
      <RadioGroup
        label={text.sees}
        items={[
          { id: 'all', label: text.seesEverything, detail: text.seesEverythingText },
          { id: 'groups', label: text.seesChosen },
        ]}
        value={form.seesAll ? 'all' : 'groups'}
        onChange={(id) => onChange({ ...form, seesAll: id === 'all' })}
      />
      {!form.seesAll && (
        <MultiSelect
          label={text.groups}
          items={(groups.data ?? []).map(({ id, name }) => ({ id: String(id), label: name }))}
          value={form.groupIds.map(String)}
          onChange={(ids) => onChange({ ...form, groupIds: ids.map(Number) })}
          placeholder={text.addGroup}
          description={
            seesNothing(form) ? (
              <span className={styles['warning']}>{text.groupsMissing}</span>
            ) : undefined
          }
        />
      )}
    </>
  );
}

function emailError(email: string): string | undefined {
  switch (emailFault(email)) {
    case 'missing':
      return text.emailMissing;
    case 'form':
      return text.emailForm;
    case 'tooLong':
      return text.emailTooLong;
    case null:
      return undefined;
  }
}
