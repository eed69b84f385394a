import { type AlertReply, MAX_COMMENT_CHARS } from '@followme/contracts';
import { useState } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { alertTitle } from './alert-words.tsx';

interface Props {
  /** What is being closed; null is nothing. */
  readonly alert: AlertReply | null;
  /** `comment` is undefined when nothing was written. */
  readonly onCloseAlert: (alert: AlertReply, comment: string | undefined) => void;
  readonly onDone: () => void;
}

const text = messages.alerts;

/** Asks whether there is something to say about an alert that is closed. */
export function CloseAlertDialog({ alert, ...rest }: Props) {
  return alert === null ? null : <Open key={alert.id} alert={alert} {...rest} />;
}

function Open({ alert, onCloseAlert, onDone }: Props & { readonly alert: AlertReply }) {
  const [comment, setComment] = useState('');
  function close(): void {
    const said = comment.trim();
    onCloseAlert(alert, said === '' ? undefined : said);
    onDone();
  }
  const footer = (
    <>
      <Button onPress={onDone}>{messages.ui.cancel}</Button>
      <Button kind="primary" onPress={close}>
        {text.close}
      </Button>
    </>
  );
  return (
    <Dialog isOpen title={text.closeTitle(alertTitle(alert))} onClose={onDone} footer={footer}>
      <p>{text.closeText}</p>
      <TextArea
        label={text.commentOptional}
        value={comment}
        onChange={setComment}
        maxLength={MAX_COMMENT_CHARS}
        autoFocus
      />
    </Dialog>
  );
}
