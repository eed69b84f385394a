import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { changeOwnPassword } from '../../api/people.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toasts.tsx';
import {
  MIN_PASSWORD_CHARS,
  type PasswordErrors,
  passwordErrors,
  type PasswordForm,
} from './password-form.ts';
import styles from '../../forms/form.module.css';

const text = messages.people;

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** "Change my password", for everybody who is logged in; opened from the account menu. */
export function OwnPasswordDialog({ isOpen, onClose }: Props) {
  // what was typed goes with the dialog
  return isOpen ? <Asking onClose={onClose} /> : null;
}

const EMPTY: PasswordForm = { current: '', next: '' };

function Asking({ onClose }: Pick<Props, 'onClose'>) {
  const [filled, setFilled] = useState(EMPTY);
  const [isTold, setIsTold] = useState(false);
  const [isWrong, setIsWrong] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const formId = useId();
  const errors = passwordErrors(filled, text);

  function change(next: PasswordForm): void {
    setFilled(next);
    setIsWrong(false);
    setFailure(null);
  }

  async function save(): Promise<void> {
    setIsSaving(true);
    try {
      await changeOwnPassword(filled);
      showToast({ kind: 'ok', title: text.ownChanged, text: text.ownChangedText });
      onClose();
    } catch (error) {
      if (codeOf(error) === 'PASSWORD_WRONG') setIsWrong(true);
      else setFailure(refusalWords(error, messages.forms.failed));
      showFirstError();
    } finally {
      setIsSaving(false);
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (errors.current === undefined && errors.next === undefined) return void save();
    setIsTold(true);
    showFirstError();
  }

  const shown: PasswordErrors = {
    current: isWrong ? text.currentWrong : isTold ? errors.current : undefined,
    next: isTold ? errors.next : undefined,
  };
  const footer = (
    <>
      <Button onPress={onClose}>{messages.forms.cancel}</Button>
      <Button kind="primary" type="submit" form={formId} isPending={isSaving}>
        {messages.forms.save}
      </Button>
    </>
  );
  return (
    <Dialog isOpen title={text.ownPassword} onClose={onClose} footer={footer} isDismissable={false}>
      <form id={formId} ref={formRef} noValidate className={styles['form']} onSubmit={submit}>
        <Fields form={filled} onChange={change} errors={shown} />
        {failure !== null && <Banner kind="critical">{failure}</Banner>}
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly form: PasswordForm;
  readonly onChange: (form: PasswordForm) => void;
  readonly errors: PasswordErrors;
}

function Fields({ form, onChange, errors }: FieldsProps) {
  const [isShown, setIsShown] = useState(false);
  const type = isShown ? 'text' : 'password';
  return (
    <>
      <TextField
        label={text.current}
        type={type}
        value={form.current}
        onChange={(current) => onChange({ ...form, current })}
        autoComplete="current-password"
        autoFocus
        isRequired
        errorMessage={errors.current}
      />
      <TextField
        label={text.next}
        type={type}
        value={form.next}
        onChange={(next) => onChange({ ...form, next })}
        autoComplete="new-password"
        isRequired
        description={text.nextHint(MIN_PASSWORD_CHARS)}
        errorMessage={errors.next}
        suffix={
          <IconButton
            size="small"
            label={isShown ? messages.login.hidePassword : messages.login.showPassword}
            onPress={() => setIsShown(!isShown)}
          >
            {isShown ? (
              <EyeOff size={16} aria-hidden="true" />
            ) : (
              <Eye size={16} aria-hidden="true" />
            )}
          </IconButton>
        }
      />
    </>
  );
}
