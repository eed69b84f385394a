import { type AlertReply, MAX_COMMENT_CHARS } from '@followme/contracts';
import { type FormEvent, useRef, useState } from 'react';
import { useAlertActions } from '../../alerts/alert-actions.tsx';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import styles from './alert-detail.module.css';

const text = messages.alerts;

/** Adds a comment to the history. What was written stays until the server has it. */
export function CommentBox({ alert }: { readonly alert: AlertReply }) {
  const actions = useAlertActions();
  const [comment, setComment] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const inputRef = useRef<HTMLTextAreaElement>(null);

  function write(words: string): void {
    setComment(words);
    setIsMissing(false);
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    const said = comment.trim();
    if (said === '') {
      setIsMissing(true);
      inputRef.current?.focus();
      return;
    }
    setIsSending(true);
    if (await actions.comment(alert, said)) setComment('');
    setIsSending(false);
  }

  return (
    <form className={styles['commentBox']} onSubmit={(event) => void send(event)}>
      <TextArea
        label={text.comment}
        value={comment}
        onChange={write}
        maxLength={MAX_COMMENT_CHARS}
        inputRef={inputRef}
        errorMessage={isMissing ? text.commentMissing : undefined}
      />
      <Button type="submit" isPending={isSending}>
        {text.addComment}
      </Button>
    </form>
  );
}
