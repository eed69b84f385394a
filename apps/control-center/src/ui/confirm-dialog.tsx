import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import styles from './dialog.module.css';

interface Props {
  /** The question, with the name of what it is about. */
  readonly title: ReactNode;
  /** What follows from yes, in numbers. */
  readonly text: ReactNode;
  /** The verb of the button, as in "Delete place". */
  readonly confirmLabel: string;
  readonly isOpen: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** The answer is on its way to the server. */
  readonly isPending?: boolean;
  /** False for a question without loss; the button is then not red. */
  readonly isDestructive?: boolean;
}

/** Asks once before something that cannot be undone. Focus starts on Cancel. */
export function ConfirmDialog(props: Props) {
  const { title, text, confirmLabel, isOpen, onConfirm, onClose } = props;
  const footer = (
    <>
      <Button onPress={onClose} autoFocus>
        {messages.ui.cancel}
      </Button>
      <Button
        kind={(props.isDestructive ?? true) ? 'critical' : 'primary'}
        isPending={props.isPending}
        onPress={onConfirm}
      >
        {confirmLabel}
      </Button>
    </>
  );
  return (
    <Dialog role="alertdialog" title={title} isOpen={isOpen} onClose={onClose} footer={footer}>
      <div className={styles['text']}>{text}</div>
    </Dialog>
  );
}
