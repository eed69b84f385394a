import type { CreatedWebhook, WebhookReply } from '@followme/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createWebhook, updateWebhook } from '../../api/webhooks.ts';
import { MAX_NAME_CHARS, nameError } from '../../forms/check-name.ts';
import { CopyField } from '../../forms/copy-field.tsx';
import { refusalWords } from '../../forms/refusal.ts';
import { useFirstError } from '../../forms/use-first-error.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toasts.tsx';
import styles from './channels.module.css';

interface Props {
  /** Null makes a new one. */
  readonly webhook: WebhookReply | null;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

const text = messages.channels.webhooks;

/** Why the server does not call an address, in words. */
function urlRefusal(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== 'WEBHOOK_URL_REFUSED') return null;
  const words: Readonly<Record<string, string>> = text.urlRefused;
  return words[String(error.problem?.reason)] ?? text.urlRefusedOther;
}

const isAddress = (url: string): boolean => /^https?:\/\//.test(url) && URL.canParse(url);

/** Name and address of a webhook; a new one tells its secret before it closes. */
export function WebhookDialog({ webhook, onClose, onChanged }: Props) {
  const [created, setCreated] = useState<CreatedWebhook | null>(null);
  if (created !== null) return <SecretDialog secret={created.secret} onClose={onClose} />;
  return (
    <WebhookForm
      webhook={webhook}
      onClose={onClose}
      onSaved={(made) => {
        onChanged();
        if (made !== null) return setCreated(made);
        showToast({ kind: 'ok', title: text.saved });
        onClose();
      }}
    />
  );
}

interface FormProps {
  readonly webhook: WebhookReply | null;
  readonly onClose: () => void;
  /** With what was made; null when one was changed. */
  readonly onSaved: (created: CreatedWebhook | null) => void;
}

/** Name and address while they are filled in, and sending them. */
function useWebhookForm({ webhook, onSaved }: Pick<FormProps, 'webhook' | 'onSaved'>) {
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [hasTried, setTried] = useState(false);
  const { formRef, showFirstError } = useFirstError<HTMLFormElement>();
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), url: url.trim() };
      if (webhook === null) return createWebhook(body);
      await updateWebhook(webhook.id, body);
      return null;
    },
    onSuccess: onSaved,
    onError: showFirstError,
  });
  const nameFault = hasTried ? nameError(name, messages.forms.nameError) : undefined;
  const refusal = urlRefusal(save.error);
  const isUrlWrong = hasTried && !isAddress(url.trim());

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    const isWrong = nameError(name, messages.forms.nameError) !== undefined;
    if (isWrong || !isAddress(url.trim())) return showFirstError();
    save.mutate();
  }

  return {
    formRef,
    name,
    setName,
    nameFault,
    url,
    setUrl(next: string): void {
      setUrl(next);
      save.reset();
    },
    urlFault: isUrlWrong ? text.urlError : (refusal ?? undefined),
    /** What went wrong that no field can say; null is nothing. */
    failure:
      save.isError && refusal === null ? refusalWords(save.error, messages.forms.failed) : null,
    isSaving: save.isPending,
    submit,
  };
}

function WebhookForm({ webhook, onClose, onSaved }: FormProps) {
  const formId = useId();
  const { formRef, failure, isSaving, submit, ...fields } = useWebhookForm({ webhook, onSaved });
  const footer = (
    <>
      <Button onPress={onClose}>{text.cancel}</Button>
      <Button kind="primary" type="submit" form={formId} isPending={isSaving}>
        {webhook === null ? text.add : text.save}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      title={webhook === null ? text.addTitle : text.editTitle}
      onClose={onClose}
      isDismissable={false}
      footer={footer}
    >
      <form id={formId} ref={formRef} className={styles['fields']} onSubmit={submit} noValidate>
        {failure !== null && (
          <Banner kind="critical" title={text.failed}>
            {failure}
          </Banner>
        )}
        <TextField
          autoFocus
          label={text.name}
          description={text.nameHint}
          value={fields.name}
          onChange={fields.setName}
          maxLength={MAX_NAME_CHARS}
          errorMessage={fields.nameFault}
        />
        <TextField
          label={text.url}
          description={text.urlHint}
          type="url"
          value={fields.url}
          onChange={fields.setUrl}
          maxLength={2_000}
          errorMessage={fields.urlFault}
        />
      </form>
    </Dialog>
  );
}

interface SecretProps {
  readonly secret: string;
  readonly onClose: () => void;
}

/** A secret that is shown this once. A press outside does not close it. */
export function SecretDialog({ secret, onClose }: SecretProps) {
  const done = (
    <Button kind="primary" onPress={onClose}>
      {text.done}
    </Button>
  );
  return (
    <Dialog isOpen title={text.secretTitle} onClose={onClose} isDismissable={false} footer={done}>
      <div className={styles['fields']}>
        <p>{text.secretText}</p>
        <CopyField label={text.secret} value={secret} copyLabel={text.copySecret} />
      </div>
    </Dialog>
  );
}
