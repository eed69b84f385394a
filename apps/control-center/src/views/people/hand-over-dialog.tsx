import type { UserWithPassword } from '@followme/contracts';
import { CopyField } from '../../forms/copy-field.tsx';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import form from '../../forms/form.module.css';

const text = messages.people;

interface Props {
  readonly made: UserWithPassword;
  readonly onClose: () => void;
}

/** Shows a password this once. A press outside does not close it: it could not be shown again. */
export function HandOverDialog({ made, onClose }: Props) {
  const { user, password } = made;
  return (
    <Dialog
      isOpen
      isDismissable={false}
      title={text.passwordTitle(user.name)}
      onClose={onClose}
      footer={
        <Button kind="primary" onPress={onClose}>
          {text.passwordDone}
        </Button>
      }
    >
      <div className={form['form']}>
        <p>{text.passwordText(user.name)}</p>
        <CopyField label={text.email} value={user.email} copyLabel={text.copyEmail} />
        <CopyField label={text.passwordField} value={password} copyLabel={text.copyPassword} />
      </div>
    </Dialog>
  );
}
